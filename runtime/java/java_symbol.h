/* The name under which a library would export a native method: Java Native Interface Specification, "Resolving Native
 * Method Names". */
#ifndef HG_JAVA_SYMBOL_H
#define HG_JAVA_SYMBOL_H

#include <stdbool.h>
#include <stddef.h>

struct hg_java_symbol {
	char text[1024]; /* no limit: that no manifest names what is longer */
	size_t length;
};

/* Of a method of this class, both as the VM writes them: "Lpackage/Class;", "method", "(IJ)V". `signature` null: the
 * short name, which stands for all methods of the name. False: it is too long. */
bool hg_java_symbol(struct hg_java_symbol *symbol, const char *class, const char *method, const char *signature);

#endif
