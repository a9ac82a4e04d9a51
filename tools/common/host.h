/* The machine that this program runs on, and with it the programs that it guards. */
#ifndef HG_COMMON_HOST_H
#define HG_COMMON_HOST_H

#include <elf.h>

#if defined(__x86_64__)
#define HG_HOST_MACHINE EM_X86_64
#define HG_HOST_NAME    "x86-64"
#define HG_HOST_TRIPLET "x86_64-linux-gnu" /* of the folders that Debian keeps libraries in */
#elif defined(__aarch64__)
#define HG_HOST_MACHINE EM_AARCH64
#define HG_HOST_NAME    "aarch64"
#define HG_HOST_TRIPLET "aarch64-linux-gnu"
#else
#error "handleguard knows x86-64 and aarch64"
#endif

#endif
