#ifndef HG_STUB_POOL_H
#define HG_STUB_POOL_H

#define HG_POOL_STUBS   2048 /* limit: SECOND_COPY */
#define HG_INSIDE_STUBS 1024 /* for calls that libraries make of their own (inside.c). limit: INSIDE_STUBS */

#if defined(__x86_64__)
#define HG_POOL_STUB_SIZE 16 /* no limit: bytes of one */
#else
#define HG_POOL_STUB_SIZE 32 /* no limit: bytes of one */
#endif

#endif
