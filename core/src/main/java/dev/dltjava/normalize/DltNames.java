package dev.dltjava.normalize;

import dev.dltjava.naming.NamingConvention;

/// The names of the columns that dlt adds, which follow the naming convention too.
record DltNames(String loadId, String id, String rootId, String parentId, String listIndex) {
  static DltNames of(NamingConvention naming) {
    return new DltNames(
        naming.normalizeKey("_dlt_load_id"),
        naming.normalizeKey("_dlt_id"),
        naming.normalizeKey("_dlt_root_id"),
        naming.normalizeKey("_dlt_parent_id"),
        naming.normalizeKey("_dlt_list_idx"));
  }
}
