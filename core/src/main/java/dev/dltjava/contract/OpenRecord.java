package dev.dltjava.contract;

/// A record that a contract leaves open.
///
/// @param text compact JSON text
/// @param place where it is, for messages
/// @param problem why it is open
public record OpenRecord(String text, String place, String problem) {}
