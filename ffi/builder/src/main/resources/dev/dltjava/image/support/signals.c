/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signals belong to the program that loaded the library. The image asks for its signal mechanism
 * through these functions and is told that somebody else owns it, so Java code that wants a handler
 * gets an exception instead of taking signals away from the program.
 */
#include <stdbool.h>
#include <stddef.h>

#define OWNED_BY_ANOTHER 1
#define NO_PENDING_SIGNAL (-1)

int cSunMiscSignal_open(void) { return OWNED_BY_ANOTHER; }

int cSunMiscSignal_close(void) { return 0; }

int cSunMiscSignal_awaitSemaphore(void) { return 0; }

int cSunMiscSignal_signalSemaphore(void) { return 0; }

bool cSunMiscSignal_signalRangeCheck(int signal) { return signal > 0 && signal < 65; }

int cSunMiscSignal_checkPendingSignal(void) { return NO_PENDING_SIGNAL; }

void *cSunMiscSignal_signalHandlerFunctionPointer(void) { return NULL; }
