package dev.dltjava.normalize;

import dev.dltjava.arrow.BatchMemory;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.FieldVector;

/// The rows of one table in one batch. Whoever takes it exports or closes it.
///
/// @param table normalized name
/// @param parent the name of the table it is nested in, empty for the root table
/// @param memory owns the columns' memory
/// @param columns in the order of the table
/// @param rows number of rows
public record TableBatch(
    String table, Optional<String> parent, BatchMemory memory, List<FieldVector> columns, int rows)
    implements AutoCloseable {
  public TableBatch {
    columns = List.copyOf(columns);
  }

  @Override
  public void close() {
    for (FieldVector column : columns) {
      column.close();
    }
    memory.close();
  }
}
