/* A library for interpreters to load: it walks their threads by the real walkers, into a real recording. */
#ifndef TOLD_PROBE_H
#define TOLD_PROBE_H

#include <stddef.h>
#include <stdint.h>

/* Starts the runtime; its recording comes into this folder. */
void probe_start(const char *folder);

/* A line for each frame, ENTRY:FILE:LINE:FUNCTION; ENTRY: from HG_TOLD_FINALIZER on, of the frame's flags. Returns how
 * many there are. */
int probe_own(char *text, size_t size);

/* How many frames are told to a coroutine of the calling thread whose stack is small. */
int probe_own_on_small_stack(void);

/* The same, with process_vm_readv refused from now on. */
void probe_refuse_reads(void);

/* Parks the calling thread until it is let go; which number it has among those that are parked, the first being 0. */
int probe_park(void);
int probe_parked(void);
void probe_let_go(void);

/* The frames of a thread that is parked, as told by the calling thread, or by one that is C's alone. */
int probe_other(int number, char *text, size_t size);
int probe_other_from_c(int number, char *text, size_t size);

/* Calls it in a thread of C's, and waits for that. */
void probe_call_in_thread(void (*function)(void));

/* The lines of so many instructions, two bytes each. */
void probe_lines(int format, const uint8_t *table, size_t size, int first_line, int *lines, int count);

uint64_t probe_key(void);

/* What one of so many walks costs, and one key, in nanoseconds: of the calling thread, or of one that is parked. */
double probe_own_cost(int count);
double probe_other_cost(int number, int count);
double probe_key_cost(int count);

/* From now on a thread of C's walks the threads that have called probe_seen, running or gone, until the end. How often
 * it has; the end returns how many frames it has told. */
void probe_seen(void);
void probe_stress(void);
unsigned long probe_stress_walks(void);
unsigned long probe_stress_end(void);

/* How often the runtime has given up what this counter of counters.def counts. */
uint64_t probe_count(const char *name);

/* When the process exits, prints how many frames are told then. */
void probe_at_exit(void);

#endif
