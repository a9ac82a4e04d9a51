/* `handleguard manifest check`. */
#ifndef HG_MANIFEST_CHECK_COMMAND_H
#define HG_MANIFEST_CHECK_COMMAND_H

int hg_command_check(int argc, char **argv);

#endif
