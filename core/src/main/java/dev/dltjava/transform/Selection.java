package dev.dltjava.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is kept of a value: all of it, or some of its members and elements.
final class Selection implements Step {
  private record Member(byte[] key, Selection kept) {}

  private final List<Member> members = new ArrayList<>();
  private @Nullable Selection elements;
  private boolean whole;

  private Selection() {}

  static Selection of(List<FieldPath> paths) {
    Selection root = new Selection();
    for (FieldPath path : paths) {
      Selection kept = root;
      for (int i = 0; i < path.length(); i++) {
        kept = kept.below(path.part(i));
      }
      kept.whole = true;
    }
    return root;
  }

  private Selection below(byte[] part) {
    if (part.length == 0) {
      if (elements == null) {
        elements = new Selection();
      }
      return elements;
    }
    for (Member member : members) {
      if (Arrays.equals(member.key, part)) {
        return member.kept;
      }
    }
    Member added = new Member(part, new Selection());
    members.add(added);
    return added.kept;
  }

  @Override
  public boolean apply(RecordTree tree) {
    prune(tree, RecordTree.ROOT);
    return true;
  }

  private void prune(RecordTree tree, int node) {
    boolean object = tree.isObject(node);
    for (int child = tree.firstChild(node);
        child != RecordTree.NONE;
        child = tree.nextChild(child)) {
      Selection kept = object ? ofMember(tree, child) : elements;
      if (kept == null || !kept.whole && !kept.hasPartOf(tree, child)) {
        tree.remove(child);
      } else if (!kept.whole) {
        kept.prune(tree, child);
      }
    }
  }

  private @Nullable Selection ofMember(RecordTree tree, int child) {
    for (Member member : members) {
      if (tree.hasKey(child, member.key)) {
        return member.kept;
      }
    }
    return null;
  }

  private boolean hasPartOf(RecordTree tree, int node) {
    return elements != null && tree.isList(node) || !members.isEmpty() && tree.isObject(node);
  }
}
