"""The page in a real browser: it is drawn, searched, filtered, linked to, printed, and fast with thousands of findings."""
import re
import statistics
import unittest

import browser

browser.install()

from selenium.webdriver.common.by import By  # noqa: E402  pylint: disable=wrong-import-position
from selenium.webdriver.common.keys import Keys  # noqa: E402  pylint: disable=wrong-import-position

from page import EVIL, PageTest  # noqa: E402  pylint: disable=wrong-import-position

MANY = 2000
# Types one more letter; how long until the page has drawn what is left.
TYPE = """
const [letter, done] = arguments, input = document.getElementById("search"), start = performance.now();
input.value += letter;
input.dispatchEvent(new Event("input", {bubbles: true}));
requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
"""
# When something was first seen, and when all was there, in milliseconds.
OPENED = """
const [done] = arguments;
(function look() {
	const paint = performance.getEntriesByName("first-contentful-paint")[0];
	const loaded = performance.getEntriesByType("navigation")[0].loadEventEnd;
	return paint && loaded > 0 ? done([paint.startTime, loaded]) : requestAnimationFrame(look);
})();
"""


class BrowserTest(PageTest):
    @classmethod
    def setUpClass(cls):
        cls.driver = browser.start()
        cls.addClassCleanup(cls.driver.quit)

    def setUp(self):
        super().setUp()
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.set_scheme(self.driver, "light")

    def open(self, file, address=""):
        self.driver.get("about:blank")
        self.driver.get(f"file://{file}{address}")
        self.assertEqual(self.driver.get_log("browser"), [])

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def texts(self, selector):
        return [element.text for element in self.all(selector)]

    def background(self):
        return self.driver.execute_script("return getComputedStyle(document.body).backgroundColor")

    def edges(self, selector):
        """Left and right edge of each."""
        return self.driver.execute_script("return [...document.querySelectorAll(arguments[0])].map(each => { const box = "
                                          "each.getBoundingClientRect(); return [box.left, box.right]; })", selector)


class OnePage(BrowserTest):
    def test_a_race_is_drawn(self):
        """The lanes have one left edge, what came later stands further right, and the user's line comes first."""
        self.open(self.page_of(self.record("twice")))
        self.assertEqual(self.texts(".lane .name b"), ["net", "program"])
        points = self.edges(".lane .point i")
        self.assertEqual(self.texts(".lane .point"), ["net_open", "net_close", "net_close"])
        self.assertTrue(all(one < other for (_, one), (other, _) in zip(points, points[1:])), points)
        self.assertEqual(len({left for left, _ in self.edges(".picture .track")}), 1)
        self.assertRegex(self.texts(".user-line")[0], r"close_again\s+\S*program\.c:[0-9]+")
        self.assertIn("Fix", self.texts(".advice h4"))

    def test_names_are_texts(self):
        self.open(self.page_of(self.record_hostile()))
        self.assertTrue(self.driver.title.startswith("1 finding"))
        self.assertIn(EVIL, self.one(".head .test").text)
        self.assertEqual(self.all("#findings :is(script, i:not(.point i, .line))"), [])

    def test_colours(self):
        """As the system has them, until the user says otherwise."""
        file = self.page_of(self.record("twice"))
        browser.set_scheme(self.driver, "dark")
        self.open(file)
        dark = self.background()
        self.assertTrue(all(int(shade) < 64 for shade in re.findall("[0-9]+", dark)), dark)
        self.one("#theme").click()
        light = self.background()
        self.assertNotEqual(light, dark)
        self.open(file)
        self.assertEqual(self.background(), light)
        self.driver.execute_script("localStorage.clear()")

    def test_a_phone(self):
        """Nothing is wider than the window."""
        browser.set_size(self.driver, 360, 740)
        self.open(self.page_of(self.record("twice")))
        self.assertEqual(self.driver.execute_script("return document.documentElement.scrollWidth"), 360)
        self.assertTrue(all(0 <= left and right <= 360 for left, right in self.edges(".finding *")))

    def test_of_a_killed_process(self):
        self.open(self.page_of(self.record("die")))
        self.assertIn("was killed by SIGKILL with calls in flight: net_use", self.one("h1").text)
        self.assertIn("net_use", self.one("#processes .plain").text)

    def test_of_a_run_that_saw_nothing(self):
        file = self.folder / "page.html"
        self.handleguard("run", "-m", "sqlite3", "--report", f"html:{file}", "--", "true")
        self.open(file)
        self.assertIn("Nothing was covered", self.one(".remark").text)

    def test_each_finding_has_an_address_of_its_own(self):
        """Also where two have one fingerprint; it leads to the first then."""
        file = self.page_of(self.record_source("int main(void)\n{\n\tstruct net *net = net_open();\n\tnet_close(net);\n"
                                               "\tnet_close(net);\n\tnet_close(net);\n\treturn 0;\n}\n"))
        self.open(file)
        first, second = self.driver.execute_script("return report.findings.map(finding => addresses.get(finding))")
        self.assertNotEqual(first, second)
        self.assertEqual(second.partition("-")[0], first)
        self.open(file, f"#{second}")
        self.assertEqual([article.get_attribute("id") for article in self.all(".finding.open")], [second])

    def test_print(self):
        """On paper each finding is told in full, in dark ink."""
        browser.set_scheme(self.driver, "dark")
        self.open(self.page_of(self.record_many(5)))
        self.assertEqual(self.texts(".story"), [])
        self.driver.execute_cdp_cmd("Page.printToPDF", {})
        self.assertEqual(len([text for text in self.texts(".story") if text]), 5)
        browser.set_medium(self.driver, "print")
        self.assertEqual(self.background(), "rgb(255, 255, 255)")
        browser.set_medium(self.driver, "")


class ManyFindings(BrowserTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = None

    def setUp(self):
        super().setUp()
        if not self.file:
            made = self.page_of(self.record_many(MANY))
            type(self).file = made.rename(browser.TOOLS / "many.html")
        self.open(self.file)

    def times_of_opening(self):
        self.open(self.file)
        return self.driver.execute_async_script(OPENED)

    def rows(self):
        return self.texts(".finding .calls")

    def test_it_is_small_and_soon_there(self):
        self.assertLess(self.file.stat().st_size, 5e6)
        painted, complete = min(self.times_of_opening() for _ in range(3))
        print(f"{MANY} findings, {self.file.stat().st_size / 1e6:.2f} MB: painted after {painted:.0f} ms, "
              f"complete after {complete:.0f} ms")
        self.assertLess(painted, 1000)

    def test_a_key_in_the_search(self):
        times = [self.driver.execute_async_script(TYPE, letter) for letter in "close_19"]
        print("keys in the search:", *(f"{time:.0f} ms" for time in times))
        self.assertLess(statistics.median(times), 100)
        self.assertEqual(self.one("#status").text.replace("\u202f", " "), "111 of 2 000 findings")

    def test_search_by_keys_alone(self):
        body = self.one("body")
        body.send_keys("/")
        self.driver.switch_to.active_element.send_keys("close_1234")
        self.assertEqual(len(self.rows()), 1)
        self.driver.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
        self.driver.switch_to.active_element.send_keys(Keys.ENTER)
        self.assertIn("close_1234", self.one(".user-line").text)
        body.send_keys("/")
        self.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
        self.assertGreater(len(self.rows()), 1)

    def test_a_link_to_a_finding_far_down(self):
        address = self.driver.execute_script("return report.findings[1500].fingerprint")
        self.open(self.file, f"#{address}")
        article = self.one(f"#\\3{address[0]} {address[1:]}" if address[0].isdigit() else f"#{address}")
        self.assertTrue(article.find_element(By.CSS_SELECTOR, ".story").is_displayed())
        top = self.driver.execute_script("return arguments[0].getBoundingClientRect().top", article)
        self.assertTrue(0 <= top < 200, top)

    def test_a_filter_is_kept_in_the_address(self):
        self.one("#search").send_keys("close_77")
        self.open(self.file, self.driver.execute_script("return location.hash"))
        self.assertEqual(len(self.rows()), 11)

    def test_more_rows_come_as_they_are_looked_at(self):
        before = len(self.rows())
        self.driver.execute_script("scrollTo(0, document.getElementById('more').offsetTop)")
        self.driver.execute_async_script("const done = arguments[0]; requestAnimationFrame(() => setTimeout(done, 50))")
        self.assertGreater(len(self.rows()), before)


if __name__ == "__main__":
    unittest.main()
