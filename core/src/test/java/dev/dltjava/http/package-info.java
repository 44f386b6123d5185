/// Tests of the HTTP client against real sockets on the loopback interface. Start at
/// [HttpFetchTest]; [ScriptedServer] plays the servers.
@NullMarked
package dev.dltjava.http;

import org.jspecify.annotations.NullMarked;
