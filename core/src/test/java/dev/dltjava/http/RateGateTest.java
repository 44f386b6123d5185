package dev.dltjava.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.limits.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// The gate by a clock that the test moves.
final class RateGateTest {
  private static final Endpoint HOST = new Endpoint(true, "h", 443);
  private static final Endpoint OTHER = new Endpoint(true, "other", 443);

  private Instant now = Instant.ofEpochSecond(1_700_000_000);
  private final List<Alarm> alarms = new ArrayList<>();

  private record Alarm(Instant at, Runnable action) {}

  private RateGate gate(int inFlight, double perSecond) {
    HttpOptions options =
        new HttpOptions(
            Duration.ofSeconds(1),
            1,
            1,
            Duration.ofSeconds(300),
            null,
            inFlight,
            "t",
            Limits.DEFAULT,
            perSecond,
            Proxies.NONE,
            HttpFixture.LONG);
    return new RateGate(
        options, () -> now, (action, delay) -> alarms.add(new Alarm(now.plus(delay), action)));
  }

  private void pass(Duration time) {
    now = now.plus(time);
    List<Alarm> due = alarms.stream().filter(alarm -> !alarm.at.isAfter(now)).toList();
    alarms.removeAll(due);
    due.forEach(alarm -> alarm.action.run());
  }

  private static Headers remaining(int requests, int seconds) {
    return new Headers(
        List.of(
            new Header("X-RateLimit-Remaining", Integer.toString(requests)),
            new Header("X-RateLimit-Reset", Integer.toString(seconds))));
  }

  @Test
  void sendsAsManyAsMayBeInFlight() {
    RateGate gate = gate(2, 0);
    assertThat(gate.enter(HOST)).isCompletedWithValue(Duration.ZERO);
    assertThat(gate.enter(HOST)).isDone();
    CompletableFuture<Duration> third = gate.enter(HOST);
    assertThat(third).isNotDone();
    assertThat(gate.enter(OTHER)).isDone();
    pass(Duration.ofSeconds(5));
    assertThat(third).isNotDone();
    gate.leave(HOST, null);
    // It has waited for its turn only.
    assertThat(third).isCompletedWithValue(Duration.ZERO);
    assertThat(alarms).isEmpty();
  }

  @Test
  void spacesRequestsOfOneHost() {
    RateGate gate = gate(50, 4);
    List<CompletableFuture<Duration>> entered = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      entered.add(gate.enter(HOST));
    }
    assertThat(gate.enter(OTHER)).isDone();
    for (int sent = 1; sent <= 4; sent++) {
      assertThat(entered.stream().filter(CompletableFuture::isDone)).hasSize(sent);
      pass(Duration.ofMillis(249));
      assertThat(entered.stream().filter(CompletableFuture::isDone)).hasSize(sent);
      pass(Duration.ofMillis(1));
    }
    assertThat(entered.get(3)).isCompletedWithValue(Duration.ofMillis(750));
  }

  @Test
  void waitsForTheResetWhenNothingRemains() {
    RateGate gate = gate(50, 0);
    gate.enter(HOST).join();
    gate.leave(HOST, remaining(0, 60));
    CompletableFuture<Duration> next = gate.enter(HOST);
    CompletableFuture<Duration> another = gate.enter(HOST);
    assertThat(alarms).hasSize(1);
    pass(Duration.ofSeconds(59));
    assertThat(next).isNotDone();
    pass(Duration.ofSeconds(1));
    assertThat(next).isCompletedWithValue(Duration.ofSeconds(60));
    assertThat(another).isDone();
  }

  /// The server may not have counted the requests under way.
  @Test
  void sendsNoMoreThanRemain() {
    RateGate gate = gate(50, 0);
    gate.enter(HOST).join();
    gate.enter(HOST).join();
    gate.leave(HOST, remaining(3, 60));
    assertThat(gate.enter(HOST)).isDone();
    assertThat(gate.enter(HOST)).isDone();
    CompletableFuture<Duration> fourth = gate.enter(HOST);
    assertThat(fourth).isNotDone();
    gate.leave(HOST, remaining(2, 60));
    assertThat(fourth).isNotDone();
    gate.leave(HOST, remaining(1, 60));
    assertThat(fourth).isNotDone();
    gate.leave(HOST, remaining(0, 60));
    assertThat(fourth).isNotDone();
    pass(Duration.ofSeconds(60));
    assertThat(fourth).isDone();
  }

  @Test
  void goesOnAfterFailuresThatSayNothing() {
    RateGate gate = gate(50, 0);
    gate.enter(HOST).join();
    gate.enter(HOST).join();
    gate.leave(HOST, remaining(1, 60));
    CompletableFuture<Duration> third = gate.enter(HOST);
    assertThat(third).isNotDone();
    gate.leave(HOST, null);
    assertThat(third).isDone();
  }

  @Test
  void waitsForAResetNoLongerThanForARetry() {
    RateGate gate = gate(50, 0);
    gate.enter(HOST).join();
    gate.leave(HOST, remaining(0, 86_400));
    CompletableFuture<Duration> next = gate.enter(HOST);
    pass(Duration.ofSeconds(300));
    assertThat(next).isCompletedWithValue(Duration.ofSeconds(300));
  }

  @Test
  void passesThePlaceOfACancelledRequestOn() {
    RateGate gate = gate(1, 0);
    gate.enter(HOST).join();
    CompletableFuture<Duration> second = gate.enter(HOST);
    CompletableFuture<Duration> third = gate.enter(HOST);
    second.cancel(true);
    gate.leave(HOST, null);
    assertThat(third).isDone();
  }
}
