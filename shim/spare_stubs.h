#ifndef HG_SPARE_STUBS_H
#define HG_SPARE_STUBS_H

#define HG_SPARE_STUBS  2048
#define HG_INSIDE_STUBS 1024 /* for calls that libraries make of their own functions (inside.c) */

#if defined(__x86_64__)
#define HG_SPARE_STUB_SIZE 16
#else
#define HG_SPARE_STUB_SIZE 32
#endif

#endif
