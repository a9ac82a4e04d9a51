/* Client libraries of a server to which a process has one connection, whoever asks for it: two, of the same source. */
#ifndef CLIENT_H
#define CLIENT_H

/* open and close count the users in an atomic of their own, and the last to close disconnects: after the count has said
 * so, and after `pause`, which a test may set.
 * share and unshare do the same under a lock that covers the connection too. */
#define CLIENT(name)                                                                                                   \
	extern void (*name##_pause)(void);                                                                             \
	int name##_open(int server);                                                                                   \
	int name##_send(int id);                                                                                       \
	int name##_wait(int id);                                                                                       \
	void name##_close(int id);                                                                                     \
	int name##_share(int server);                                                                                  \
	void name##_unshare(void);

CLIENT(mail)
CLIENT(clock)

#endif
