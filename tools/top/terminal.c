#include "top/terminal.h"

#include <curses.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static SCREEN *screen;
static volatile sig_atomic_t ended;

bool hg_terminal_is_there(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static void end(int signal)
{
	(void)signal;
	ended = 1;
}

/* curses handles signals only which nobody does: it would end the program itself, with a status of its own. */
bool hg_terminal_begin(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = end};

	setlocale(LC_CTYPE, "");
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], &action, NULL);
	screen = newterm(NULL, stdout, stdin);
	if (!screen)
		return false;
	cbreak();
	noecho();
	curs_set(0);
	return true;
}

/* What a line has too much goes on in the next one, and is cleared there. */
void hg_terminal_draw(const char *text)
{
	int row = 0;

	for (; row < LINES && *text != '\0'; row++) {
		size_t length = strcspn(text, "\n");
		move(row, 0);
		clrtoeol();
		addnstr(text, (int)length);
		text += length + (text[length] == '\n');
	}
	if (row < LINES) {
		move(row, 0);
		clrtobot();
	}
	refresh();
}

bool hg_terminal_wait(int ms)
{
	timeout(ms);
	return getch() != 'q' && !ended;
}

void hg_terminal_end(void)
{
	endwin();
	delscreen(screen);
}
