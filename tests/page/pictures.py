"""Makes the pictures of docs/page.md, of a recording of the demo's race on an SQLite statement.

Usage: pictures.py [FOLDER]    (docs/pictures of this tree, unless said otherwise; environment as of the tests)
"""
import pathlib
import subprocess
import sys
import tempfile

import browser

browser.install()

from support import BIN, SOURCE  # noqa: E402  pylint: disable=wrong-import-position

# Name, scheme, width and height, and what is to be seen at the top.
PICTURES = [("page", "light", 1100, 780, "body"), ("page-phone", "dark", 390, 780, ".finding")]


def main():
    output = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE / "docs/pictures"
    output.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "page.html"
        subprocess.run([BIN / "handleguard", "run", "-m", "sqlite3", "--source-root", SOURCE, "--report", f"html:{page}", "--",
                        "./demo_shared_statement", "finalize", "500"], cwd=BIN, check=False, stderr=subprocess.DEVNULL)
        driver = browser.start()
        for name, scheme, width, height, top in PICTURES:
            browser.set_size(driver, width, height)
            browser.set_scheme(driver, scheme)
            driver.get(f"file://{page}")
            driver.execute_script("document.querySelector(arguments[0]).scrollIntoView()", top)
            driver.get_screenshot_as_file(str(output / f"{name}.png"))
        driver.quit()


main()
