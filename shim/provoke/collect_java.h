/* Has a Java VM collect its garbage while calls are held back. */
#ifndef HG_COLLECT_JAVA_H
#define HG_COLLECT_JAVA_H

#include <stdbool.h>

/* Asks for one, if there is a VM that the calling thread may call (pace.h). */
void hg_collect_java(bool now);

/* Whether there is one that was asked. */
bool hg_java_collects(void);

#endif
