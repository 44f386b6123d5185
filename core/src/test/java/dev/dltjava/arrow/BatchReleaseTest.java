package dev.dltjava.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.arrow.abi.ArrowArray;
import dev.dltjava.arrow.abi.ArrowSchema;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BigIntVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Runs the real release callbacks as consumers do, moved structs included.
class BatchReleaseTest {
  @RegisterExtension final Exports exports = new Exports();

  @Test
  void countsFromExportToRelease() {
    BigIntVector vector = column("id", 7);
    long held = exports.budget.liveBytes();

    exports.export(1, vector);

    assertThat(exports.budget.liveBytes()).isZero();
    assertThat(NativeRelease.exportedBlocks()).isEqualTo(2);
    assertThat(NativeRelease.exportedBytes()).isGreaterThan(held);

    exports.release();

    assertThat(NativeRelease.exportedBlocks()).isZero();
  }

  @Test
  void marksRootAndChildrenReleased() {
    exports.export(1, column("a", 1), column("b", 2));
    MemorySegment firstChild = move(childArray(0));

    ArrowArray.release.invoke(ArrowArray.release(exports.array), exports.array);

    assertThat(ArrowArray.release(exports.array)).isEqualTo(MemorySegment.NULL);
    releaseArray(firstChild);
    assertThat(ArrowArray.release(firstChild)).isEqualTo(MemorySegment.NULL);
    ArrowSchema.release.invoke(ArrowSchema.release(exports.schema), exports.schema);
    assertThat(ArrowSchema.release(exports.schema)).isEqualTo(MemorySegment.NULL);
  }

  @Test
  void movedChildOutlivesItsParent() {
    exports.export(1, column("a", 1), column("b", 2));
    MemorySegment child = move(childArray(1));

    exports.release();

    assertThat(NativeRelease.exportedBlocks()).isEqualTo(1);
    assertThat(value(child)).isEqualTo(2);
    releaseArray(child);
  }

  @Test
  void movedSchemaChildOutlivesItsParent() {
    exports.export(1, column("a", 1), column("b", 2));
    long pointer = ArrowSchema.children(exports.schema).address();
    MemorySegment original =
        MemorySegment.ofAddress(MemoryUtil.getLong(pointer))
            .reinterpret(ArrowSchema.layout().byteSize());
    MemorySegment child = Arena.ofAuto().allocate(ArrowSchema.layout()).copyFrom(original);
    ArrowSchema.release(original, MemorySegment.NULL);

    exports.release();

    assertThat(ArrowSchema.name(child).getString(0)).isEqualTo("a");
    assertThat(ArrowSchema.format(child).getString(0)).isEqualTo("l");
    ArrowSchema.release.invoke(ArrowSchema.release(child), child);
  }

  @Test
  void releasesChildrenFromManyThreads() throws InterruptedException {
    BigIntVector[] columns = new BigIntVector[64];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = column("column_" + i, i);
    }
    exports.export(1, columns);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < columns.length; i++) {
      MemorySegment child = move(childArray(i));
      threads.add(new Thread(() -> releaseArray(child)));
    }
    threads.add(new Thread(exports::release));

    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(NativeRelease.exportedBlocks()).isZero();
  }

  @Test
  void closingMemoryAndVectorsAfterExportFreesNothing() {
    BigIntVector vector = column("id", 7);
    exports.export(1, vector);

    vector.close();
    exports.memory.close();

    assertThat(value(childArray(0))).isEqualTo(7);
    exports.release();
  }

  @Test
  void takesAlongWhatIsNoColumn() {
    BigIntVector column = column("id", 7);
    BigIntVector scratch = column("scratch", 8);

    exports.export(1, column);

    assertThat(exports.memory.liveBytes()).isZero();
    exports.release();
    scratch.close();
  }

  private BigIntVector column(String name, long value) {
    BigIntVector vector = new BigIntVector(name, exports.memory.allocator());
    vector.setSafe(0, value);
    vector.setValueCount(1);
    return vector;
  }

  private MemorySegment childArray(long index) {
    long pointer = ArrowArray.children(exports.array).address() + index * Long.BYTES;
    return MemorySegment.ofAddress(MemoryUtil.getLong(pointer))
        .reinterpret(ArrowArray.layout().byteSize());
  }

  /// Moves a struct as the specification says: a copy, and the original marked released.
  private static MemorySegment move(MemorySegment array) {
    MemorySegment moved = Arena.ofAuto().allocate(ArrowArray.layout()).copyFrom(array);
    ArrowArray.release(array, MemorySegment.NULL);
    return moved;
  }

  private static void releaseArray(MemorySegment array) {
    ArrowArray.release.invoke(ArrowArray.release(array), array);
  }

  private static long value(MemorySegment array) {
    return MemoryUtil.getLong(MemoryUtil.getLong(ArrowArray.buffers(array).address() + Long.BYTES));
  }
}
