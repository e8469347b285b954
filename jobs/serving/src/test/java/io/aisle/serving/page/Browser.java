package io.aisle.serving.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Results;
import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Chromium without a window, as a person uses it: what it waits for is on the page, never a time. */
final class Browser implements AutoCloseable {
    private static final File CHROMIUM = new File("/usr/bin/chromium");
    private static final File DRIVER = new File("/usr/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts it; files that the page hands out go to the directory. */
    static Browser start(Path downloads) {
        assertThat(List.of(CHROMIUM, DRIVER))
                .as("Debian's packages chromium and chromium-driver, which the tests of the page need")
                .allMatch(File::canExecute);
        ChromeOptions options = new ChromeOptions()
                .setBinary(CHROMIUM)
                .addArguments("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en-GB");
        if ("root".equals(System.getProperty("user.name"))) {
            options.addArguments("--no-sandbox");
        }
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        options.setExperimentalOption("prefs", Map.of("download.default_directory", downloads.toString()));
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER)
                .withSilent(true)
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    /** Opens a view of the page anew, in a tab that remembers nothing. */
    void open(URI page) {
        online();
        driver.get("about:blank");
        driver.get(page.toString());
    }

    /** Goes to another view by its link. */
    void goTo(String view) {
        find("nav a[href='#/" + view + "']").click();
        see("#view-" + view);
    }

    /** A window of this size, in light or dark colours. */
    void look(int width, int height, boolean isDark) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", isDark ? "dark" : "light"))));
    }

    void offline() {
        network(true);
    }

    void online() {
        network(false);
    }

    private void network(boolean isOffline) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand(
                "Network.emulateNetworkConditions",
                Map.of("offline", isOffline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    }

    private <T> T until(String what, Function<WebDriver, T> condition) {
        return new WebDriverWait(driver, PATIENCE)
                .ignoring(StaleElementReferenceException.class)
                .withMessage(() -> what + ", found:\n" + find("main").getText())
                .until(condition);
    }

    /** Waits until it is seen. */
    WebElement see(String selector) {
        return until(
                "expected to see " + selector,
                page -> page.findElements(By.cssSelector(selector)).stream()
                        .filter(WebElement::isDisplayed)
                        .findFirst()
                        .orElse(null));
    }

    /** Waits until it is seen with this text in it. */
    WebElement see(String selector, String text) {
        return until("expected to see «" + text + "» in " + selector, page -> {
            WebElement found = page.findElements(By.cssSelector(selector)).stream()
                    .filter(element ->
                            element.isDisplayed() && element.getText().contains(text))
                    .findFirst()
                    .orElse(null);
            return found;
        });
    }

    /** Waits until nothing of it is seen. */
    void seeNo(String selector) {
        until(
                "expected to see no " + selector,
                page -> page.findElements(By.cssSelector(selector)).stream().noneMatch(WebElement::isDisplayed));
    }

    /** Waits for a file. */
    void seeFile(Path file) {
        until("expected " + file, page -> Files.exists(file));
    }

    WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    List<String> texts(String selector) {
        return driver.findElements(By.cssSelector(selector)).stream()
                .map(WebElement::getText)
                .toList();
    }

    /** The button that is seen with these words first. */
    WebElement button(String words) {
        return until(
                "expected a button " + words,
                page -> page.findElements(By.cssSelector("button, a.button")).stream()
                        .filter(button ->
                                button.isDisplayed() && button.getText().startsWith(words))
                        .findFirst()
                        .orElse(null));
    }

    void type(String selector, String text) {
        WebElement field = see(selector);
        field.clear();
        field.sendKeys(text);
    }

    /** Gives a field a text that is too long to type. */
    void paste(String selector, String text) {
        script("document.querySelector(arguments[0]).value = arguments[1]", selector, text);
    }

    /** Presses keys one after the other, wherever the focus is. */
    void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    void pressControlEnter() {
        new Actions(driver)
                .keyDown(Keys.CONTROL)
                .sendKeys(Keys.ENTER)
                .keyUp(Keys.CONTROL)
                .perform();
    }

    Object script(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    String title() {
        return driver.getTitle();
    }

    /** By how many pixels the page is wider than the window. */
    long overflow() {
        return (Long) script("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    }

    /** What axe finds: the rule and where. */
    List<String> violations() {
        Results results = new AxeBuilder().analyze(driver);
        return results.getViolations().stream()
                .flatMap(rule -> rule.getNodes().stream().map(node -> about(rule, node.getHtml())))
                .toList();
    }

    private static String about(Rule rule, String html) {
        return rule.getId() + ": " + rule.getHelp() + ": " + html;
    }

    /** Errors of scripts and violations of the content security policy since the last look; answers that are problems are none. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .filter(message -> !message.contains("Failed to load resource"))
                .toList();
    }

    /** Writes what is seen as a PNG. */
    void picture(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
