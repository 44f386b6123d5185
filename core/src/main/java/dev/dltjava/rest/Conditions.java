package dev.dltjava.rest;

import java.util.Map;

/// That pages are asked for only if they have changed since they were delivered.
///
/// @param context what, beside requests and their reading, decides whether a page's records were
///   delivered to where they go now
/// @param pages those that were delivered, by [PageMemory]'s keys
/// @param mostPages most pages that are remembered for the next time
public record Conditions(String context, Map<String, RememberedPage> pages, int mostPages) {
  public Conditions {
    pages = Map.copyOf(pages);
  }
}
