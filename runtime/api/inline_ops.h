/* Which threads may enter ops of embedded guards in the library's own code (handleguard_inline.h). */
#ifndef HG_INLINE_OPS_H
#define HG_INLINE_OPS_H

struct hg_context;

/* The calling thread's. */
void hg_inline_ops_open(struct hg_context *context);

/* Called where something is lost that they rely on: none may any more. */
void hg_inline_ops_close(void);

#endif
