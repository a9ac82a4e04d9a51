/* `handleguard report diff`. */
#ifndef HG_REPORT_DIFF_COMMAND_H
#define HG_REPORT_DIFF_COMMAND_H

/* `report diff [--fail-on LEVEL] OLD NEW`; argv[0] is the name that error messages begin with. Returns an exit status,
 * as enum hg_report_status has it. */
int hg_command_report_diff(int argc, char **argv);

#endif
