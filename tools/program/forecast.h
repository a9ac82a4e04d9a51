/* Which of the manifests' functions will be seen in a program, as far as the program's files tell before it runs. */
#ifndef HG_PROGRAM_FORECAST_H
#define HG_PROGRAM_FORECAST_H

#include <stdint.h>
#include <uthash.h>

#include "program/elf/elf_reached.h"
#include "program/load_list.h"

/* What becomes of the calls of a function; where objects differ, the worst counts. */
enum hg_seen {
	HG_SEEN_LATER,         /* no object defines it at the start */
	HG_SEEN_ABSENT,        /* likewise, though the library is there and should have it */
	HG_SEEN_YES,           /* a library that is loaded at the start defines it */
	HG_SEEN_NOT_LINKED_IN, /* a library has the function for itself alone, and no other object defines or uses it */
	HG_SEEN_NOT_PROGRAM,   /* the program defines it itself */
	HG_SEEN_COUNT
};

struct hg_forecast_function {
	char *name;
	const char *manifest;
	const char *patterns; /* of the library's soname, separated by spaces */
	enum hg_seen seen;
	bool optional;  /* not every library that the manifest is for has it */
	bool wanted;    /* another object uses it */
	bool foreign;   /* what defines it is not the library, by its name */
	bool by_caller; /* seen, though its library is linked into its binding: by who calls */
	bool in_table;  /* seen, though its library hands it out in a table only */
	bool at_link;   /* seen, because the program's calls were led through wrappers when it was linked */
	bool by_place;  /* and that one is known by where it lies alone */
	bool hidden;    /* seen by caller, though it is not exported: its references are led to the guards */
	bool counted;   /* it is known how it is reached */
	struct hg_elf_reached reached;
	struct hg_forecast_function *handed_out_by; /* in a table; null: in none that the manifest tells of */
	const char *object;                         /* path of the one that defines it; null: none */
	size_t copies;                              /* libraries that define it */
	size_t last_object;                         /* index of the object that was last seen to define it, plus 1 */
	UT_hash_handle hh;
};

enum hg_remark_level { HG_REMARK_OK, HG_REMARK_NOTE, HG_REMARK_PROBLEM };

struct hg_remark {
	enum hg_remark_level level;
	const char *about; /* "command", "functions", "loader", "system" */
	char *text;
};

enum hg_forecast_verdict { HG_FORECAST_COVERED = 0, HG_FORECAST_NOTHING = 1, HG_FORECAST_UNKNOWN = 2 };

struct hg_forecast {
	const char *program; /* what messages begin with */
	struct hg_load_list load_list;
	char **manifests;       /* names */
	char **patterns;        /* of each manifest */
	char **unguarded;       /* of each manifest: functions that it leaves out on purpose, separated by spaces */
	const char **libraries; /* of each manifest: path of the first that is one; null: none is loaded at the start */
	size_t manifest_count;
	struct hg_forecast_function *functions; /* table */
	const char *loads;     /* the function by which the program can load libraries later; null: it cannot */
	const char *filters;   /* the function by which the program can forbid itself system calls; null: it cannot */
	bool stripped_go;      /* the program is Go's, and stripped of its symbols */
	const char *sanitizer; /* that it is built with; null: none */
	const char *starts;    /* the function by which it can start other programs; null: it cannot */
	struct hg_remark *remarks;
	size_t remark_count;
	enum hg_forecast_verdict verdict;
	char *why; /* the verdict in a few words */
};

/* False after saying on standard error what is wrong with a manifest. The command's own troubles are remarks. */
bool hg_forecast_make(struct hg_forecast *forecast, const char *program, const char *const *manifests, size_t count,
                      const char *command);
void hg_forecast_drop(struct hg_forecast *forecast);

void hg_forecast_judge(struct hg_forecast *forecast, enum hg_forecast_verdict verdict, const char *why, ...)
    __attribute__((format(printf, 3, 4)));
void hg_forecast_remark(struct hg_forecast *forecast, enum hg_remark_level level, const char *about, const char *format,
                        ...) __attribute__((format(printf, 4, 5)));

#endif
