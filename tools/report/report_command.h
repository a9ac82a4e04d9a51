/* `handleguard report`. */
#ifndef HG_REPORT_REPORT_COMMAND_H
#define HG_REPORT_REPORT_COMMAND_H

/* `report [--format text|json] [--fail-on LEVEL] [--require-coverage] [-o FILE] PATH...`; argv[0] is the name that
 * messages begin with. Returns the exit status. */
int hg_command_report(int argc, char **argv);

#endif
