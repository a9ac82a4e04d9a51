/* `handleguard manifest generate`. */
#ifndef HG_MANIFEST_GENERATE_COMMAND_H
#define HG_MANIFEST_GENERATE_COMMAND_H

int hg_command_generate(int argc, char **argv);

#endif
