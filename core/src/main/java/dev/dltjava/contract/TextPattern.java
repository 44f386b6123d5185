package dev.dltjava.contract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A regular expression of a subset that all dialects agree on, matched in time that grows with the
/// length of the text alone: the automaton of Glushkov ("The abstract theory of automata", 1961),
/// whose states are the characters of the pattern, all followed at once. Immutable, any thread.
///
/// It knows characters, `.`, `\d \w \s \D \W \S`, sets, groups, `|`, `* + ? {n} {n,} {n,m}`, and
/// `^` and `$` around all of it. Texts beyond ASCII, of which dialects think differently, it leaves
/// open.
public final class TextPattern {
  /// Most characters of a pattern, repetitions counted: each may cost time at each character of a
  /// text.
  private static final int MOST_STATES = 256;

  private static final int MOST_CHARACTERS = 1_000;
  private static final int DEEPEST_GROUPS = 50;
  private static final int ASCII = 128;
  private static final int UNBOUNDED = -1;

  /// Not in the subset.
  private static final class Unsupported extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Unsupported() {
      super(null, null, false, false);
    }
  }

  private sealed interface Node {}

  private record One(BitSet characters) implements Node {}

  private record Sequence(List<Node> parts) implements Node {}

  private record Either(List<Node> parts) implements Node {}

  private record Repeat(Node part, int minimum, int maximum) implements Node {}

  /// A part of the automaton.
  private record Part(boolean isNullable, BitSet first, BitSet last) {
    private static final Part EMPTY = new Part(true, new BitSet(), new BitSet());
  }

  private final String source;

  // While the pattern is read.
  private int position;
  private int groups;
  private final List<BitSet> charactersOf = new ArrayList<>();
  private final List<BitSet> following = new ArrayList<>();

  // The automaton.
  private final boolean fromStart;
  private final boolean toEnd;
  private final boolean matchesNothing;
  private final int words;
  private final long[] first;
  private final long[] last;
  private final long[][] follow;
  private final long[][] matching = new long[ASCII][];

  private TextPattern(String source) {
    this.source = source;
    boolean caret = source.startsWith("^");
    position = caret ? 1 : 0;
    List<Node> branches = branches();
    boolean dollar = position < source.length() && source.charAt(position) == '$';
    // `^a|b$` binds each of them to one branch.
    if (position + (dollar ? 1 : 0) != source.length()
        || branches.size() > 1 && (caret || dollar)) {
      throw new Unsupported();
    }
    Part whole = part(new Either(branches));
    this.fromStart = caret;
    this.toEnd = dollar;
    this.matchesNothing = whole.isNullable;
    this.words = (charactersOf.size() + Long.SIZE - 1) / Long.SIZE;
    this.first = bits(whole.first);
    this.last = bits(whole.last);
    this.follow = following.stream().map(this::bits).toArray(long[][]::new);
    for (int character = 0; character < ASCII; character++) {
      BitSet states = new BitSet();
      for (int state = 0; state < charactersOf.size(); state++) {
        states.set(state, charactersOf.get(state).get(character));
      }
      matching[character] = bits(states);
    }
  }

  /// Reads a pattern.
  ///
  /// @return nothing if it needs more than the subset
  public static Optional<TextPattern> of(String source) {
    if (source.length() > MOST_CHARACTERS) {
      return Optional.empty();
    }
    try {
      return Optional.of(new TextPattern(source));
    } catch (Unsupported beyond) {
      return Optional.empty();
    }
  }

  /// The pattern as it was given.
  public String source() {
    return source;
  }

  /// Whether the text, UTF-8, has a part that matches.
  Verdict find(byte[] utf8, int from, int to) {
    for (int i = from; i < to; i++) {
      if (utf8[i] < 0) {
        return Verdict.OPEN;
      }
    }
    return matches(utf8, from, to) ? Verdict.VALID : Verdict.INVALID;
  }

  private boolean matches(byte[] ascii, int from, int to) {
    if (matchesNothing && (!toEnd || !fromStart || from == to)) {
      return true;
    }
    long[] states = new long[words];
    long[] next = new long[words];
    for (int i = from; i < to; i++) {
      Arrays.fill(next, 0);
      if (!fromStart || i == from) {
        unite(next, first);
      }
      for (int word = 0; word < words; word++) {
        for (long left = states[word]; left != 0; left &= left - 1) {
          unite(next, follow[word * Long.SIZE + Long.numberOfTrailingZeros(left)]);
        }
      }
      long[] met = matching[ascii[i]];
      boolean accepted = false;
      for (int word = 0; word < words; word++) {
        next[word] &= met[word];
        accepted |= (next[word] & last[word]) != 0;
      }
      if (accepted && (!toEnd || i == to - 1)) {
        return true;
      }
      long[] old = states;
      states = next;
      next = old;
    }
    return false;
  }

  private static void unite(long[] target, long[] added) {
    for (int i = 0; i < target.length; i++) {
      target[i] |= added[i];
    }
  }

  private long[] bits(BitSet set) {
    return Arrays.copyOf(set.toLongArray(), words);
  }

  // The automaton of the parts of a pattern.

  private Part part(Node node) {
    return switch (node) {
      case One one -> {
        if (charactersOf.size() == MOST_STATES) {
          throw new Unsupported();
        }
        BitSet state = new BitSet();
        state.set(charactersOf.size());
        charactersOf.add(one.characters);
        following.add(new BitSet());
        yield new Part(false, state, state);
      }
      case Sequence sequence -> {
        Part all = Part.EMPTY;
        for (Node next : sequence.parts) {
          all = inSequence(all, part(next));
        }
        yield all;
      }
      case Either either -> {
        Part all = null;
        for (Node other : either.parts) {
          Part branch = part(other);
          all =
              all == null
                  ? branch
                  : new Part(
                      all.isNullable || branch.isNullable,
                      union(all.first, branch.first),
                      union(all.last, branch.last));
        }
        yield all == null ? Part.EMPTY : all;
      }
      case Repeat repeat -> repeated(repeat);
    };
  }

  private Part repeated(Repeat repeat) {
    Part all = Part.EMPTY;
    boolean endless = repeat.maximum == UNBOUNDED;
    int count = endless ? Math.max(1, repeat.minimum) : repeat.maximum;
    for (int i = 0; i < count; i++) {
      int states = charactersOf.size();
      Part copy = part(repeat.part);
      if (states == charactersOf.size()) {
        // Nothing, repeated.
        return Part.EMPTY;
      }
      if (endless && i == count - 1) {
        follow(copy.last, copy.first);
      }
      boolean optional = i >= repeat.minimum;
      all = inSequence(all, optional ? new Part(true, copy.first, copy.last) : copy);
    }
    return all;
  }

  private Part inSequence(Part left, Part right) {
    follow(left.last, right.first);
    return new Part(
        left.isNullable && right.isNullable,
        left.isNullable ? union(left.first, right.first) : left.first,
        right.isNullable ? union(left.last, right.last) : right.last);
  }

  private void follow(BitSet before, BitSet after) {
    before.stream().forEach(state -> following.get(state).or(after));
  }

  private static BitSet union(BitSet left, BitSet right) {
    BitSet both = (BitSet) left.clone();
    both.or(right);
    return both;
  }

  // The pattern's grammar.

  private List<Node> branches() {
    List<Node> branches = new ArrayList<>();
    branches.add(sequence());
    while (peek() == '|') {
      position++;
      branches.add(sequence());
    }
    return branches;
  }

  private Node sequence() {
    List<Node> parts = new ArrayList<>();
    while (position < source.length() && "|)$".indexOf(peek()) < 0) {
      parts.add(quantified(atom()));
    }
    return new Sequence(parts);
  }

  /// The character at the position, a zero behind the end.
  private char peek() {
    return position < source.length() ? source.charAt(position) : 0;
  }

  private char take() {
    if (position == source.length()) {
      throw new Unsupported();
    }
    return source.charAt(position++);
  }

  private Node atom() {
    char character = take();
    return switch (character) {
      case '(' -> group();
      case '[' -> new One(set());
      case '.' -> new One(inverse(single('\n')));
      case '\\' -> {
        BitSet named = named(peek());
        if (named != null) {
          position++;
          yield new One(named);
        }
        yield new One(single(escaped()));
      }
      case '^', '$', '*', '+', '?', '{', '}', ']' -> throw new Unsupported();
      default -> new One(single(character));
    };
  }

  private Node group() {
    if (peek() == '?') {
      position++;
      if (take() != ':') {
        throw new Unsupported();
      }
    }
    if (++groups > DEEPEST_GROUPS) {
      throw new Unsupported();
    }
    Node group = new Either(branches());
    groups--;
    if (take() != ')') {
      throw new Unsupported();
    }
    return group;
  }

  private Node quantified(Node atom) {
    Node repeated =
        switch (peek()) {
          case '*' -> new Repeat(atom, 0, UNBOUNDED);
          case '+' -> new Repeat(atom, 1, UNBOUNDED);
          case '?' -> new Repeat(atom, 0, 1);
          case '{' -> counted(atom);
          default -> null;
        };
    if (repeated == null) {
      return atom;
    }
    position++;
    if (peek() == '?') {
      // Lazy ones match the same texts.
      position++;
    }
    if (peek() != 0 && "*+?{".indexOf(peek()) >= 0) {
      throw new Unsupported();
    }
    return repeated;
  }

  /// Reads up to the closing brace.
  private Node counted(Node atom) {
    position++;
    int minimum = number();
    int maximum = minimum;
    if (peek() == ',') {
      position++;
      maximum = peek() == '}' ? UNBOUNDED : number();
    }
    if (peek() != '}' || maximum != UNBOUNDED && maximum < minimum) {
      throw new Unsupported();
    }
    return new Repeat(atom, minimum, maximum);
  }

  private int number() {
    int number = 0;
    int from = position;
    while (peek() >= '0' && peek() <= '9') {
      number = number * 10 + take() - '0';
      if (number > MOST_STATES) {
        throw new Unsupported();
      }
    }
    if (position == from) {
      throw new Unsupported();
    }
    return number;
  }

  private BitSet set() {
    boolean inverted = peek() == '^';
    position += inverted ? 1 : 0;
    BitSet set = new BitSet();
    if (peek() == ']') {
      throw new Unsupported();
    }
    while (peek() != ']') {
      char from = take();
      if (from == '[' || from == peek() && "&-~".indexOf(from) >= 0) {
        // Sets in sets, of which only some dialects know.
        throw new Unsupported();
      }
      if (from == '\\') {
        BitSet named = named(peek());
        if (named != null) {
          position++;
          set.or(named);
          continue;
        }
        from = escaped();
      }
      char to = from;
      if (peek() == '-' && position + 1 < source.length() && source.charAt(position + 1) != ']') {
        position++;
        to = take();
        if (to == '[' || to == '-') {
          throw new Unsupported();
        }
        to = to == '\\' ? escaped() : to;
      }
      if (to < from) {
        throw new Unsupported();
      }
      set.or(single(from));
      set.or(single(to));
      set.set(from, to + 1);
    }
    position++;
    return inverted ? inverse(set) : set;
  }

  private char escaped() {
    char character = take();
    return switch (character) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      default -> {
        if ("\\.+*?()|[]{}^$-/#&~".indexOf(character) < 0) {
          throw new Unsupported();
        }
        yield character;
      }
    };
  }

  private static @Nullable BitSet named(char name) {
    return switch (name) {
      case 'd' -> digits();
      case 'D' -> inverse(digits());
      case 'w' -> wordCharacters();
      case 'W' -> inverse(wordCharacters());
      case 's' -> spaces();
      case 'S' -> inverse(spaces());
      default -> null;
    };
  }

  private static BitSet digits() {
    BitSet set = new BitSet();
    set.set('0', '9' + 1);
    return set;
  }

  private static BitSet wordCharacters() {
    BitSet set = digits();
    set.set('A', 'Z' + 1);
    set.set('a', 'z' + 1);
    set.set('_');
    return set;
  }

  private static BitSet spaces() {
    BitSet set = new BitSet();
    set.set('\t', '\r' + 1);
    set.set(' ');
    return set;
  }

  private static BitSet single(char character) {
    if (character >= ASCII) {
      throw new Unsupported();
    }
    BitSet set = new BitSet();
    set.set(character);
    return set;
  }

  private static BitSet inverse(BitSet set) {
    BitSet inverse = new BitSet();
    inverse.set(0, ASCII);
    inverse.andNot(set);
    return inverse;
  }
}
