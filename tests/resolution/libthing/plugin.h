/* What a plugin offers: calls of its own copy of libthing. */
#ifndef PLUGIN_H
#define PLUGIN_H

struct plugin {
	/* Each ends in a jump to the library's function, so that it looks as if the plugin's caller called that. */
	int (*open)(void);
	int (*which)(int thing);
	int (*close)(int thing);
	/* The library's own, as the plugin sees it. */
	int (*which_itself)(int thing);
	int (*close_itself)(int thing);
	/* Calls what it is given. */
	int (*call)(int (*function)(int), int thing);
	/* What the plugin's constructor opened. */
	int opened_at_start;
};

#endif
