#ifndef HG_GO_CREATOR_H
#define HG_GO_CREATOR_H

#include "go/go_goroutine.h"

/* Where the goroutine was created whose outermost function begins at `entry`: behind which call it goes on. 0: it is
 * not known. */
uint64_t hg_go_creator(const struct hg_goroutine *goroutine, uint64_t entry);

#endif
