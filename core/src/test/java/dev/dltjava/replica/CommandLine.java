package dev.dltjava.replica;

import java.nio.file.Path;
import java.time.Duration;
import java.time.YearMonth;
import java.util.Iterator;
import java.util.List;

/// What the command line of [ReplicaMain] asks for.
///
/// @param options the replica's options
/// @param warm whether all archives are generated before the replica says that it listens
/// @param ignoresInput whether it goes on when its standard input ends
/// @param help whether it only explains itself
record CommandLine(ReplicaOptions options, boolean warm, boolean ignoresInput, boolean help) {
  static final String HELP =
      """
      A replica of the chess.com API on 127.0.0.1, with faults on demand.
      Runs until its standard input ends or it is terminated.

        --port N              port, 0 for any free one (0)
        --host NAME           host name in the addresses handed out (127.0.0.1)
        --seed N              same seed, same bytes (1)
        --player-names A,B    players that exist (ten known ones)
        --players N           exactly N players: the named ones, then generated ones
        --months FROM..TO     months that have games (2022/01..2022/12)
        --games-per-month N   games of each player in each month (150)
        --missing A,B         archives that answer 404: 2022/03 or hikaru/2022/03
        --latency MILLIS      wait before every answer (0)
        --no-gzip             never compress
        --tls FILE            PKCS12 key store; the replica speaks TLS
        --tls-password TEXT   its password
        --cache-mb N          most megabytes of generated bodies kept (half of the heap)
        --warm                generate all archives before listening is announced
        --ignore-stdin        do not end with standard input
        --help                this text

      Control: POST /control/faults, GET /control/faults, POST /control/body?path=/x,
      GET /control/log[?headers], GET /control/most-open, POST /control/release,
      POST /control/forget, POST /control/reset. A fault is a line PATTERN COUNT KIND [NAME=VALUE ...], such as
        /pub/player/hikaru 2 status code=429 retry-after=1
        /pub/player/*/games/2022/03 always reset after=1000
      Kinds: none, status, html, invalid-utf8, empty, truncate, wrong-type, body, delay, refuse,
      reset, cut, slow-headers, slow-body, stall, chunked, until-close, close-after.
      """;

  static CommandLine parse(List<String> arguments) {
    CommandLine line = new CommandLine(ReplicaOptions.DEFAULT, false, false, false);
    int players = -1;
    String keyStore = "";
    String password = "";
    Iterator<String> words = arguments.iterator();
    while (words.hasNext()) {
      String flag = words.next();
      ReplicaOptions options = line.options;
      switch (flag) {
        case "--help" -> line = new CommandLine(options, line.warm, line.ignoresInput, true);
        case "--warm" -> line = new CommandLine(options, true, line.ignoresInput, line.help);
        case "--ignore-stdin" -> line = new CommandLine(options, line.warm, true, line.help);
        case "--players" -> players = number(flag, words);
        case "--tls" -> keyStore = value(flag, words);
        case "--tls-password" -> password = value(flag, words);
        default -> line = line.with(option(options, flag, words));
      }
    }
    // After all names and paths are known, in whatever order they came.
    if (players >= 0) {
      line = line.with(line.options.withPlayerCount(players));
    }
    if (!keyStore.isEmpty()) {
      ReplicaOptions.Tls tls = new ReplicaOptions.Tls(Path.of(keyStore), password);
      line = line.with(line.options.withTls(tls));
    }
    return line;
  }

  private CommandLine with(ReplicaOptions other) {
    return new CommandLine(other, warm, ignoresInput, help);
  }

  private static ReplicaOptions option(
      ReplicaOptions options, String flag, Iterator<String> words) {
    return switch (flag) {
      case "--port" -> options.withPort(number(flag, words));
      case "--host" -> options.withHost(value(flag, words));
      case "--seed" -> options.withSeed(number(flag, words));
      case "--player-names" -> options.withPlayers(List.of(value(flag, words).split(",", -1)));
      case "--months" -> months(options, value(flag, words));
      case "--games-per-month" -> options.withGamesPerMonth(number(flag, words));
      case "--missing" -> missing(options, value(flag, words));
      case "--latency" -> options.withLatency(Duration.ofMillis(number(flag, words)));
      case "--no-gzip" -> options.withGzip(false);
      case "--cache-mb" -> options.withCacheBytes((long) number(flag, words) << 20);
      default -> throw new IllegalArgumentException("unknown flag " + flag + ", see --help");
    };
  }

  private static ReplicaOptions months(ReplicaOptions options, String range) {
    String[] ends = range.split("\\.\\.", -1);
    if (ends.length != 2) {
      throw new IllegalArgumentException("--months needs YYYY/MM..YYYY/MM, not " + range);
    }
    return options.withMonths(month(ends[0]), month(ends[1]));
  }

  private static YearMonth month(String text) {
    return YearMonth.parse(text.replace('/', '-'));
  }

  private static ReplicaOptions missing(ReplicaOptions options, String archives) {
    ReplicaOptions all = options;
    for (String archive : archives.split(",", -1)) {
      all = all.withMissingArchive(archive);
    }
    return all;
  }

  private static int number(String flag, Iterator<String> words) {
    String value = value(flag, words);
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(flag + " needs a number, not " + value);
    }
  }

  private static String value(String flag, Iterator<String> words) {
    if (!words.hasNext()) {
      throw new IllegalArgumentException(flag + " needs a value");
    }
    return words.next();
  }
}
