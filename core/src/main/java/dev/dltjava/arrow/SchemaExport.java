package dev.dltjava.arrow;

import dev.dltjava.arrow.abi.ArrowSchema;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.FieldVector;

/// Fills the block of an ArrowSchema:
///
///     dltj_export_block | root | child pointers | child structs, each with its texts
final class SchemaExport {
  private static final long STRUCT_BYTES = ArrowSchema.layout().byteSize();
  private static final long NULLABLE = 2; // ARROW_FLAG_NULLABLE

  private SchemaExport() {}

  /// Allocates and fills the block.
  ///
  /// @return the finished root struct, to be copied to where the consumer wants it
  static MemorySegment fill(
      BatchMemory memory, List<FieldVector> columns, ReleaseFunctions functions) {
    List<FieldTexts> texts = columns.stream().map(FieldTexts::of).toList();
    long bytes =
        ExportBlock.HEADER_BYTES
            + STRUCT_BYTES
            + FieldTexts.ROOT.blockBytes()
            + columns.size() * (Long.BYTES + STRUCT_BYTES);
    for (FieldTexts text : texts) {
      bytes += text.blockBytes();
    }
    ExportBlock block = new ExportBlock(memory, bytes, columns.size(), 0, new long[0]);
    MemorySegment root = fillStruct(block, FieldTexts.ROOT, functions.schema());
    MemorySegment children = block.takePointers(columns.size());
    ArrowSchema.n_children(root, columns.size());
    ArrowSchema.children(root, children);
    for (int i = 0; i < columns.size(); i++) {
      MemorySegment child = fillStruct(block, texts.get(i), functions.childSchema());
      if (columns.get(i).getField().isNullable()) {
        ArrowSchema.flags(child, NULLABLE);
      }
      MemoryUtil.putLong(children.address() + (long) i * Long.BYTES, child.address());
    }
    return root;
  }

  private static MemorySegment fillStruct(ExportBlock block, FieldTexts texts, long release) {
    MemorySegment struct = block.take(STRUCT_BYTES);
    ArrowSchema.format(struct, block.takeCopy(texts.format()));
    ArrowSchema.name(struct, block.takeCopy(texts.name()));
    if (texts.metadata().length > 0) {
      ArrowSchema.metadata(struct, block.takeCopy(texts.metadata()));
    }
    ArrowSchema.release(struct, MemorySegment.ofAddress(release));
    ArrowSchema.private_data(struct, block.start());
    return struct;
  }
}
