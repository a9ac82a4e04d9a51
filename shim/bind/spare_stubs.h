#ifndef HG_SPARE_STUBS_H
#define HG_SPARE_STUBS_H

#define HG_SPARE_STUBS  2048 /* limit: SECOND_COPY */
#define HG_INSIDE_STUBS 1024 /* for calls that libraries make of their own (inside.c). limit: INSIDE_STUBS */

#if defined(__x86_64__)
#define HG_SPARE_STUB_SIZE 16 /* no limit: bytes of one */
#else
#define HG_SPARE_STUB_SIZE 32 /* no limit: bytes of one */
#endif

#endif
