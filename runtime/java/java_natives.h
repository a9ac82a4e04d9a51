/* Native methods as the VM binds them to functions: to those that a library registers for them (RegisterNatives), as to
 * those that it exports under their names. The VM tells of it by an event of its tool interface. */
#ifndef HG_JAVA_NATIVES_H
#define HG_JAVA_NATIVES_H

#include <stdbool.h>

/* Asked with the names under which a library would export the method, the one with its signature and the one without:
 * what it is to be bound to instead of `function`; null: to that. */
typedef const void *hg_java_bind(const char *long_name, const char *short_name, void *function);

/* Has `bind` asked of each method that is bound from now on, where the calling thread may call the VM. More than once
 * does no harm. */
void hg_java_on_native(hg_java_bind *bind);

#endif
