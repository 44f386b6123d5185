package dev.dltjava.rest;

/// Which value of its paginator a request contains.
public enum Slot {
  PAGE("page"),
  OFFSET("offset"),
  CURSOR("cursor");

  private final String optionName;

  Slot(String optionName) {
    this.optionName = optionName;
  }

  /// Its name in the options.
  public String optionName() {
    return optionName;
  }
}
