/* The options of a run, from the environment. Each is described once, in format/options.def. */
#ifndef HG_OPTIONS_H
#define HG_OPTIONS_H

#include <limits.h>
#include <stdint.h>

struct hg_options {
#define HG_OPTION_CHOICE(field, environment, name, words, standard, help)           uint32_t field;
#define HG_OPTION_NUMBER(field, environment, name, unit, standard, low, high, help) uint64_t field;
#define HG_OPTION_PATH(field, environment, name, placeholder, standard, help)       char field[PATH_MAX];
#define HG_OPTION_SWITCH(field, environment, name, help)                            uint32_t field;
#define HG_OPTION_LETTERS(field, environment, name, letters, standard, help)        uint32_t field;
#include "format/options.def"
#undef HG_OPTION_CHOICE
#undef HG_OPTION_NUMBER
#undef HG_OPTION_PATH
#undef HG_OPTION_SWITCH
#undef HG_OPTION_LETTERS
};

/* Fills all options: the environment's values, else the defaults. `get` is getenv or a stand-in; `complain` is called
 * with the variable, its bad value and what was expected, and the default is used. */
void hg_options_read(struct hg_options *options, char *(*get)(const char *),
                     void (*complain)(const char *variable, const char *value, const char *expected));

/* The options in force; valid once the process is prepared (start.h). */
extern struct hg_options hg_options;

#endif
