/* Libraries that are linked in and hidden: nothing of them goes through a word that the dynamic linker fills. As long
 * as the object has its symbol table, it is known where their functions are, and which of its code is not theirs
 * (sides/sides.h). In that code the operands that lead to a guarded function are made to lead to a stub of the guards:
 * those of calls, jumps, addresses that are taken, and words that are read. Words themselves stay as they are: both
 * sides use them, and compare them. Calls of the library's own are never touched, so what arrives is the program's. */
#ifndef HG_REWRITE_H
#define HG_REWRITE_H

/* Has that done with the program, and with what is loaded from now on (bindings.h). */
void hg_rewrite_start(void);

#endif
