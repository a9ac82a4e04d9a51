/* Handles that a library of another language allocates and frees by that language's means. */
#ifndef PARCEL_H
#define PARCEL_H

typedef struct parcel parcel;

int parcel_kinds(void);         /* how many ways of allocating there are */
parcel *parcel_open(int kind);  /* from 0 */
int parcel_touch(parcel *open); /* 1 */
void parcel_close(parcel *open);

#endif
