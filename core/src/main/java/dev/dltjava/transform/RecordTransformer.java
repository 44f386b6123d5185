package dev.dltjava.transform;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonKind;
import dev.dltjava.json.Utf8Text;
import dev.dltjava.limits.Limits;
import java.util.ArrayList;
import java.util.List;

/// Takes records through steps, in order. Without any it hands them on as they are. One owner, one
/// thread.
public final class RecordTransformer {
  private static final byte[] NO_FIELDS = {};

  /// Above this a text that grew for a large record is given up with it.
  static final int KEPT_BYTES = 1 << 20;

  private final List<Step> steps = new ArrayList<>();
  private final RecordTree tree;
  private final JsonCursor transformed;
  private Utf8Text target = new Utf8Text();

  private JsonCursor record;
  private byte[] fields = NO_FIELDS;

  /// @param transformations the steps
  public RecordTransformer(List<Transformation> transformations, Limits limits) {
    this.tree = new RecordTree(limits);
    this.transformed = new JsonCursor(limits);
    this.record = transformed;
    for (Transformation transformation : transformations) {
      steps.add(step(transformation, limits, new StepPlace(steps.size())));
    }
  }

  private static Step step(Transformation transformation, Limits limits, StepPlace place) {
    return switch (transformation) {
      case Transformation.Select select -> Selection.of(select.paths());
      case Transformation.Drop drop -> new Removal(drop.paths());
      case Transformation.Rename rename -> new Renaming(rename.moves(), place);
      case Transformation.Cast cast -> new Casting(cast, limits, place);
      case Transformation.Filter filter -> new Filtering(filter.condition(), limits);
      case Transformation.Constant constant -> new Setting(constant.values(), place);
      case Transformation.Hash hash -> new Hashing(hash, limits);
    };
  }

  /// Takes a record; false if it is left out.
  ///
  /// @param cursor has read the record's first token; it is moved behind the record if there are
  ///   steps
  /// @param appended text of an object whose members are the record's too, may be empty
  public boolean read(JsonCursor cursor, byte[] appended) {
    if (steps.isEmpty()) {
      record = cursor;
      fields = appended;
      return true;
    }
    if (cursor.kind() != JsonKind.OBJECT) {
      throw new DltJavaException(
          ErrorCode.RECORD,
          ErrorLocation.NONE,
          "expected a record that is an object, which transformations need; take the option"
              + " 'transformations' away, or have the records where they are objects");
    }
    tree.read(cursor, appended);
    for (Step step : steps) {
      if (!step.apply(tree)) {
        return false;
      }
    }
    if (target.bytes().length > KEPT_BYTES) {
      target = new Utf8Text();
    }
    Utf8Text text = tree.write(target);
    transformed.open(text.bytes(), 0, text.length());
    transformed.value();
    record = transformed;
    return true;
  }

  /// A cursor that has read the first token of the record as it is after the steps, and has to be
  /// moved behind it.
  public JsonCursor record() {
    return record;
  }

  /// Text of an object whose members have to be appended to the record, empty for none.
  public byte[] fields() {
    return fields;
  }
}
