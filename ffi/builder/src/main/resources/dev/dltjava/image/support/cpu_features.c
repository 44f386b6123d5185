/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the processor can do, in the struct that the image compares with the features it was compiled
 * for. The struct is generated (amd64cpufeatures.h): one bool for each feature that the builder knows.
 * A feature that is not determined here counts as absent, which is always safe.
 */
#include <cpuid.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "amd64cpufeatures.h"

/* State that the operating system saves on a task switch (register XCR0). */
#define XCR0_YMM 0x06u
#define XCR0_ZMM 0xe6u

static int bit(unsigned value, int position) { return (value >> position) & 1; }

static unsigned saved_register_state(void) {
  unsigned low = 0;
  unsigned high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

static void basic_features(CPUFeatures *features, unsigned ecx, unsigned edx) {
  features->fTSC = bit(edx, 4);
  features->fCX8 = bit(edx, 8);
  features->fCMOV = bit(edx, 15);
  features->fFLUSH = bit(edx, 19);
  features->fMMX = bit(edx, 23);
  features->fFXSR = bit(edx, 24);
  features->fSSE = bit(edx, 25);
  features->fSSE2 = bit(edx, 26);
  features->fHT = bit(edx, 28);
  features->fSSE3 = bit(ecx, 0);
  features->fCLMUL = bit(ecx, 1);
  features->fSSSE3 = bit(ecx, 9);
  features->fSSE4_1 = bit(ecx, 19);
  features->fSSE4_2 = bit(ecx, 20);
  features->fPOPCNT = bit(ecx, 23);
  features->fAES = bit(ecx, 25);
  features->fHV = bit(ecx, 31);
}

static void extended_features(CPUFeatures *features, int avx, int avx512) {
  unsigned eax;
  unsigned ebx;
  unsigned ecx;
  unsigned edx;
  if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) {
    return;
  }
  features->fBMI1 = bit(ebx, 3);
  features->fBMI2 = bit(ebx, 8);
  features->fERMS = bit(ebx, 9);
  features->fRTM = bit(ebx, 11);
  features->fADX = bit(ebx, 19);
  features->fFLUSHOPT = bit(ebx, 23);
  features->fCLWB = bit(ebx, 24);
  features->fSHA = bit(ebx, 29);
  features->fPKU = bit(ecx, 3);
  features->fOSPKE = bit(ecx, 4);
  features->fRDPID = bit(ecx, 22);
  features->fFSRM = bit(edx, 4);
  features->fSERIALIZE = bit(edx, 14);
  if (avx) {
    features->fAVX2 = bit(ebx, 5);
    features->fGFNI = bit(ecx, 8);
  }
  if (avx512) {
    features->fAVX512F = bit(ebx, 16);
    features->fAVX512DQ = bit(ebx, 17);
    features->fAVX512_IFMA = bit(ebx, 21);
    features->fAVX512CD = bit(ebx, 28);
    features->fAVX512BW = bit(ebx, 30);
    features->fAVX512VL = bit(ebx, 31);
    features->fAVX512_VBMI = bit(ecx, 1);
    features->fAVX512_VBMI2 = bit(ecx, 6);
    features->fAVX512_VAES = bit(ecx, 9);
    features->fAVX512_VPCLMULQDQ = bit(ecx, 10);
    features->fAVX512_VNNI = bit(ecx, 11);
    features->fAVX512_BITALG = bit(ecx, 12);
    features->fAVX512_VPOPCNTDQ = bit(ecx, 14);
  }
}

static void vendor_features(CPUFeatures *features) {
  unsigned eax;
  unsigned ebx;
  unsigned ecx;
  unsigned edx;
  if (__get_cpuid(0x80000001, &eax, &ebx, &ecx, &edx)) {
    features->fLZCNT = bit(ecx, 5);
    features->fSSE4A = bit(ecx, 6);
    features->fAMD_3DNOW_PREFETCH = bit(ecx, 8);
    features->fRDTSCP = bit(edx, 27);
  }
  if (__get_cpuid(0x80000007, &eax, &ebx, &ecx, &edx)) {
    features->fTSCINV_BIT = bit(edx, 8);
    features->fTSCINV = bit(edx, 8);
  }
}

void determineCPUFeatures(CPUFeatures *features) {
  unsigned eax;
  unsigned ebx;
  unsigned ecx;
  unsigned edx;
  memset(features, 0, sizeof *features);
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx)) {
    return;
  }
  basic_features(features, ecx, edx);
  /* Wide registers count only when the operating system saves them. */
  unsigned state = bit(ecx, 27) ? saved_register_state() : 0;
  int avx = bit(ecx, 28) && (state & XCR0_YMM) == XCR0_YMM;
  int avx512 = avx && (state & XCR0_ZMM) == XCR0_ZMM;
  if (avx) {
    features->fAVX = 1;
    features->fVZEROUPPER = 1;
    features->fFMA = bit(ecx, 12);
    features->fF16C = bit(ecx, 29);
  }
  extended_features(features, avx, avx512);
  vendor_features(features);
}

/* The mask is inverted: a byte is 0xfe for a feature that the image needs and 0xff for any other. */
int checkCPUFeatures(const uint8_t *inverted_mask) {
  CPUFeatures host;
  determineCPUFeatures(&host);
  const uint8_t *present = (const uint8_t *)&host;
  for (size_t i = 0; i < sizeof host; i++) {
    if ((present[i] | inverted_mask[i]) != 0xff) {
      return 1;
    }
  }
  return 0;
}

/* Referenced by the image for programs of its own; a library reports a code to its caller instead. */
int checkCPUFeaturesOrExit(const uint8_t *inverted_mask, const char *message) {
  if (checkCPUFeatures(inverted_mask) != 0) {
    fputs(message, stderr);
    _exit(1);
  }
  return 0;
}
