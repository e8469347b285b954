package io.aisle.serving.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.serving.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** That everybody can use the page: by keyboard, in both colour schemes, in a narrow window. */
class PageAccessIT {
    private static final int HEIGHT = 800;

    @TempDir
    private static Path folder;

    private static Browser browser;
    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException {
        ShopBundle.write(folder.resolve("model"));
        ReviewRun.publish(
                folder.resolve("output"),
                "monday",
                List.of(
                        ReviewRun.row("sku-1", "Thing number 1", ShopBundle.LABELS),
                        ReviewRun.row("sku-2", "Thing number 2", ShopBundle.LABELS)));
        server = RunningServer.start(
                "--demo",
                "--model",
                folder.resolve("model").toString(),
                "--corrections",
                folder.resolve("corrections").toString(),
                "--review",
                folder.resolve("output").toString());
        browser = Browser.start(folder);
    }

    @AfterAll
    static void stop() {
        browser.close();
        server.close();
    }

    private static void isFitForAll(String state) {
        assertThat(browser.complaints()).as(state).isEmpty();
        assertThat(browser.overflow()).as("pixels beside the window, " + state).isNotPositive();
        assertThat(browser.violations()).as(state).isEmpty();
        browser.complaints();
    }

    @ParameterizedTest
    @CsvSource({"1280, false", "1280, true", "360, false", "360, true"})
    void everyViewIsFitForAll(int width, boolean isDark) throws IOException {
        browser.look(width, HEIGHT, isDark);

        browser.open(server.uri("/"));
        browser.see("#classify-empty");
        isFitForAll("classify, empty");
        browser.button("Classify").click();
        browser.see("#classify-problem .notice");
        isFitForAll("classify, a problem");
        browser.type("#product-title", "Blue leash for coffee");
        browser.type("#product-feature", "W" + "i".repeat(200) + "de");
        browser.paste("#product-id", "x".repeat(1_001));
        browser.button("Classify").click();
        browser.see("#product-id-problem");
        isFitForAll("classify, a field in error");
        browser.type("#product-id", "sku-3");
        browser.button("Classify").click();
        browser.see("#explanation .field-words");
        browser.type("#correct-category", "t");
        browser.see("#correct-category-list");
        isFitForAll("classify, an answer");

        browser.goTo("file");
        isFitForAll("file, empty");
        Path file = Files.writeString(
                folder.resolve("shop.csv"), "sku,name\n1,Red leash\n2,Something\n3,\n" + "i".repeat(200) + ",tent\n");
        browser.find("#file-input").sendKeys(file.toString());
        browser.see("#file-columns");
        browser.button("Classify the file").click();
        browser.see("#file-result");
        isFitForAll("file, an answer");

        browser.goTo("review");
        browser.see("#review-product", "Thing number");
        browser.press("w");
        browser.see("#review-why .field-words");
        browser.press("c");
        browser.see("#review-category-list");
        isFitForAll("review");
        browser.press(Keys.ESCAPE, Keys.ESCAPE, "s", "u");
        browser.see(".said", "You skipped");
        isFitForAll("review, gone back");
        browser.press("?");
        browser.see("#keys-dialog");
        isFitForAll("review, its keys");
        browser.press(Keys.ESCAPE, "s", "s");
        browser.see("#review-body", "That was the last one");
        isFitForAll("review, at its end");

        browser.goTo("model");
        browser.see("#card-heading");
        isFitForAll("model");
    }

    @ParameterizedTest
    @CsvSource({"classify", "file", "review", "model"})
    void keyboardReachesEverything(String view) {
        browser.look(1280, HEIGHT, false);
        browser.open(server.uri("/#/" + view));
        browser.see("#view-" + view + ":not([aria-busy])");
        if (view.equals("classify")) {
            browser.button("Leash").click();
            browser.see("#explanation .field-words");
            browser.see("#correction-form");
        } else if (!view.equals("file")) {
            browser.see(view.equals("review") ? "#review-product" : "#card-heading");
        }
        browser.script("document.activeElement.blur(); window.scrollTo(0, 0)");
        long controls = (Long) browser.script("""
                const all = [...document.querySelectorAll("a[href], button:not(:disabled), input:not(:disabled), textarea, select, [tabindex='0']")];
                window.controls = all.filter((one) => one.checkVisibility() && !one.closest("dialog:not([open])"));
                return window.controls.length""");

        Set<Long> reached = new LinkedHashSet<>();
        for (long step = 0; step < 2 * controls && reached.size() < controls; step++) {
            browser.press(Keys.TAB);
            long place = (Long) browser.script("return window.controls.indexOf(document.activeElement)");
            if (place >= 0) {
                reached.add(place);
            }
        }

        assertThat(reached).hasSize((int) controls);
    }

    @Test
    void skipLinkLeadsToTheContent() {
        browser.open(server.uri("/#/model"));
        browser.see("#card-heading");
        browser.script("document.activeElement.blur()");
        browser.press(Keys.TAB, Keys.ENTER);

        assertThat(browser.script("return document.activeElement.id")).isEqualTo("main");
        assertThat(browser.title()).isEqualTo("Model · Aisle");
    }

    @Test
    void coloursCanBeChosenAndAreRemembered() {
        browser.look(1280, HEIGHT, false);
        browser.open(server.uri("/"));
        browser.find("#theme").click();
        browser.open(server.uri("/"));

        browser.see("#theme[aria-pressed='true']");
        assertThat(browser.script("return document.documentElement.dataset.theme"))
                .isEqualTo("dark");
        browser.script("localStorage.clear()");
    }
}
