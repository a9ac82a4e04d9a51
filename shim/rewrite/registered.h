/* Native methods of Java for which a library registers its functions with the VM, whose names need then be known to
 * nobody: those that a manifest names as if they were exported (`Java_package_Class_method`) are bound to stubs of the
 * guards. */
#ifndef HG_REGISTERED_H
#define HG_REGISTERED_H

/* Asks a Java VM to tell of them, if there is one and a manifest names any. No object is held. */
void hg_registered_watch(void);

#endif
