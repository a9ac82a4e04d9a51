/* From libclang's types to ours. */
#ifndef HG_MANIFEST_PROTOTYPE_CLANG_TYPE_H
#define HG_MANIFEST_PROTOTYPE_CLANG_TYPE_H

#include "manifest/prototype/c_type.h"
#include "manifest/prototype/libclang.h"

struct hg_c_type *hg_clang_type(const struct hg_libclang *clang, struct hg_clang_type type);

#endif
