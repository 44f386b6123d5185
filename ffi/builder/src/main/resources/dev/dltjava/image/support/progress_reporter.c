/* SPDX-License-Identifier: Apache-2.0 */
/* Terminal width and peak memory for the builder's own report; used at build time only. */
#include <jni.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define REPORTER(name) Java_com_oracle_svm_hosted_ProgressReporterCHelper_##name
#define BYTES_PER_KIBIBYTE 1024L

JNIEXPORT jint JNICALL REPORTER(getTerminalWindowColumns0)(JNIEnv *environment, jclass type) {
  (void)environment;
  (void)type;
  struct winsize window;
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 ? window.ws_col : -1;
}

JNIEXPORT jlong JNICALL REPORTER(getPeakRSS0)(JNIEnv *environment, jclass type) {
  (void)environment;
  (void)type;
  struct rusage usage;
  return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss * BYTES_PER_KIBIBYTE : -1;
}
