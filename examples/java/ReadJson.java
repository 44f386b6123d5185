import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.apache.arrow.c.ArrowArray;
import org.apache.arrow.c.ArrowSchema;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/// Prints the tables in a JSON file, in JSON Lines, or in what an address answers, from a JVM of
/// its own: the library is called through its C functions, batches arrive as vectors of Apache
/// Arrow.
///
/// ```sh
/// java --enable-native-access=ALL-UNNAMED --add-opens=java.base/java.nio=ALL-UNNAMED \
///   -cp "$ARROW_JARS" ReadJson.java libdlt_java.so orders.jsonl orders
/// ```
public final class ReadJson {
  private static final int OK = 0;
  private static final int END = 1;
  private static final int PENDING = 2;
  private static final int ABI_VERSION = 1;
  private static final long WAIT_MILLISECONDS = 1000;

  /* The structs of dlt_java.h. Only Arrow looks into its two. */
  private static final StructLayout BATCH =
      MemoryLayout.structLayout(
          JAVA_LONG.withName("struct_size"),
          ADDRESS.withName("table"),
          ADDRESS.withName("parent_table"),
          JAVA_LONG.withName("requests_completed"),
          MemoryLayout.sequenceLayout(9, JAVA_LONG).withName("schema"),
          MemoryLayout.sequenceLayout(10, JAVA_LONG).withName("array"));
  private static final StructLayout ERROR =
      MemoryLayout.structLayout(
          JAVA_INT.withName("code"),
          JAVA_INT.withName("http_status"),
          JAVA_LONG.withName("byte_offset"),
          JAVA_LONG.withName("row"),
          MemoryLayout.sequenceLayout(1024, JAVA_BYTE).withName("url"),
          MemoryLayout.sequenceLayout(256, JAVA_BYTE).withName("column"),
          MemoryLayout.sequenceLayout(2048, JAVA_BYTE).withName("message"));

  private final MethodHandle open;
  private final MethodHandle next;
  private final MethodHandle release;
  private final MethodHandle close;
  private final Arena arena;
  private final MemorySegment error;

  private ReadJson(Path library, Arena arena) throws Throwable {
    this.arena = arena;
    // The library stays loaded for good, as a JVM's own libraries do.
    SymbolLookup symbols = SymbolLookup.libraryLookup(library.toAbsolutePath(), Arena.global());
    int version =
        (int) function(symbols, "dltj_abi_version", FunctionDescriptor.of(JAVA_INT)).invokeExact();
    if (version != ABI_VERSION) {
      throw new IllegalStateException("the library has ABI version " + version);
    }
    open =
        function(
            symbols,
            "dltj_source_open",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    next =
        function(
            symbols,
            "dltj_source_next",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    release = function(symbols, "dltj_batch_release", FunctionDescriptor.ofVoid(ADDRESS));
    close = function(symbols, "dltj_source_close", FunctionDescriptor.ofVoid(ADDRESS));
    error = arena.allocate(ERROR);
  }

  private static MethodHandle function(
      SymbolLookup symbols, String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), descriptor);
  }

  public static void main(String[] arguments) throws Throwable {
    if (arguments.length != 3) {
      System.err.println("usage: ReadJson.java LIBRARY FILE_OR_URL TABLE");
      System.exit(2);
    }
    try (Arena arena = Arena.ofConfined();
        BufferAllocator allocator = new RootAllocator()) {
      new ReadJson(Path.of(arguments[0]), arena)
          .print(options(arguments[1], arguments[2]), allocator);
    } catch (IllegalStateException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  /// Options of a source, docs/reference/options.md.
  private static String options(String place, String table) {
    String from =
        place.matches("https?://.*")
            ? "\"requests\":[{\"url\":" + json(place) + "}]"
            : "\"file\":" + json(place);
    return "{" + from + ",\"table\":" + json(table) + "}";
  }

  private static String json(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private void print(String options, BufferAllocator allocator) throws Throwable {
    MemorySegment text = arena.allocateFrom(options);
    MemorySegment handle = arena.allocate(ADDRESS);
    // Without the NUL at its end.
    check((int) open.invokeExact(text, text.byteSize() - 1, handle, error));
    MemorySegment source = handle.get(ADDRESS, 0);
    try {
      MemorySegment batch = arena.allocate(BATCH);
      batch.set(JAVA_LONG, offset("struct_size"), BATCH.byteSize());
      int status;
      while ((status = take(source, batch)) != END) {
        if (status == OK) {
          printBatch(batch, allocator);
        }
      }
    } finally {
      close.invokeExact(source);
    }
  }

  private int take(MemorySegment source, MemorySegment batch) throws Throwable {
    return check((int) next.invokeExact(source, WAIT_MILLISECONDS, batch, error));
  }

  /// Moves the columns to Arrow, without a copy, and frees what is left of the batch.
  private void printBatch(MemorySegment batch, BufferAllocator allocator) throws Throwable {
    String table = batch.get(ADDRESS, offset("table")).reinterpret(Long.MAX_VALUE).getString(0);
    ArrowSchema schema = ArrowSchema.wrap(batch.address() + offset("schema"));
    ArrowArray array = ArrowArray.wrap(batch.address() + offset("array"));
    try (VectorSchemaRoot rows = Data.importVectorSchemaRoot(allocator, array, schema, null)) {
      System.out.printf("%s: %d rows%n%s", table, rows.getRowCount(), rows.contentToTSVString());
    } finally {
      release.invokeExact(batch);
    }
  }

  private int check(int status) {
    if (status > PENDING) {
      String message =
          error.asSlice(ERROR.byteOffset(PathElement.groupElement("message"))).getString(0);
      throw new IllegalStateException("error " + status + ": " + message);
    }
    return status;
  }

  private static long offset(String member) {
    return BATCH.byteOffset(PathElement.groupElement(member));
  }
}
