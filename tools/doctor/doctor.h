/* `handleguard doctor`: says before a run what will be seen of a program, and what will not. */
#ifndef HG_DOCTOR_DOCTOR_H
#define HG_DOCTOR_DOCTOR_H

/* argv[0] is the name that messages begin with. Returns the exit status. */
int hg_command_doctor(int argc, char **argv);

#endif
