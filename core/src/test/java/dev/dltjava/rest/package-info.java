/// Whole sources against small servers on the loopback interface: each test says what its API does.
@NullMarked
package dev.dltjava.rest;

import org.jspecify.annotations.NullMarked;
