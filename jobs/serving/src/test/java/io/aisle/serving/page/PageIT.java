package io.aisle.serving.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.core.product.CategoryPath;
import io.aisle.serving.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** What a person does with the page, against the service itself. */
class PageIT {
    private static final List<CategoryPath> LABELS = ShopBundle.LABELS;

    @TempDir
    private static Path folder;

    private static Browser browser;

    @TempDir
    private Path own;

    private RunningServer server;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start(Files.createDirectories(folder.resolve("downloads")));
        ShopBundle.write(folder.resolve("model"));
    }

    @AfterAll
    static void stop() {
        browser.close();
    }

    @BeforeEach
    void serve() throws IOException {
        ReviewRun.publish(
                own.resolve("output"),
                "monday",
                IntStream.rangeClosed(1, 4)
                        .mapToObj(place -> ReviewRun.row("sku-" + place, "Thing number " + place, LABELS))
                        .toList());
        server = serve("--demo", "--corrections", own.resolve("corrections").toString(), "--review", output());
    }

    @AfterEach
    void end() {
        assertThat(browser.complaints()).isEmpty();
        server.close();
    }

    private String output() {
        return own.resolve("output").toString();
    }

    private static RunningServer serve(String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--model", folder.resolve("model").toString()));
        return RunningServer.start(all.toArray(String[]::new));
    }

    private void classify(String title) {
        browser.open(server.uri("/"));
        browser.type("#product-title", title);
        browser.pressControlEnter();
        browser.see("#explanation .strongest");
        browser.see("#correction-form");
    }

    private String stored() throws IOException, InterruptedException {
        return server.get("/v1/feedback").body();
    }

    @Test
    void classifiesProductAndSaysWhichWordsCarriedIt() {
        classify("Blue leash");

        assertThat(browser.find("#decision").getText())
                .contains("Accepted", "Leashes", "Pet Supplies", "reaches the accept threshold of 75%");
        assertThat(browser.texts("#candidates li")).hasSize(5);
        assertThat(browser.texts("#explanation .word.for")).contains("leash");
        assertThat(browser.texts("#explanation tbody th")).containsExactly("leash");
        assertThat(browser.find("#explanation").getText())
                .contains("how much the probability falls when the word is left out");

        browser.find("#candidates li:nth-child(2) .why").click();
        browser.see("#explanation .word.against", "leash");
    }

    @Test
    void saysWhyProductIsForReview() {
        browser.open(server.uri("/"));
        browser.type("#product-title", "Something");
        browser.button("Classify").click();

        browser.see("#decision .verdict.review");
        browser.see(
                "#decision .reason", "A person should look at it: confidence 0.17 is under the accept threshold 0.75.");
    }

    @Test
    void storesCorrectionThatIsChosenByKeyboard() throws Exception {
        classify("Blue leash");
        browser.see("#correction [data-corrections='0']");

        browser.type("#correct-category", "kitchen filt");
        browser.see("#correct-category-list [aria-selected=true]", "Coffee Filters");
        browser.press(Keys.ENTER, Keys.ENTER);

        browser.see("#correction .stored", "Home & Kitchen > Coffee & Tea > Coffee Filters");
        browser.see("#correction [data-corrections='1']", "1 correction stored");
        assertThat(stored()).contains("\"total\":1");
    }

    @Test
    void sendsCorrectionAgainAfterNetworkWasLostAndStoresItOnce() throws Exception {
        classify("Blue leash");
        browser.type("#correct-category", "tent");
        browser.press(Keys.ENTER);
        browser.offline();
        browser.press(Keys.ENTER);
        browser.see("#correction-problem", "The service did not answer");
        browser.online();

        browser.button("Try again").click();

        browser.see("#correction .stored");
        assertThat(stored()).contains("\"total\":1");
    }

    @Test
    void asksForCategoryOfTheList() {
        classify("Blue leash");
        browser.type("#correct-category", "nothing like it");
        browser.see("#correct-category-count", "No category fits");
        browser.button("Store the correction").click();

        browser.see("#correct-category-problem", "Choose a category from the list.");
        assertThat(browser.find("#correct-category").getDomAttribute("aria-invalid"))
                .isEqualTo("true");
    }

    @Test
    void showsErrorsAtTheirFields() {
        browser.open(server.uri("/"));
        browser.type("#product-title", "leash");
        browser.paste("#product-id", "x".repeat(1_001));
        browser.button("Classify").click();

        browser.see("#product-id-problem", "expected");
        assertThat(browser.find("#product-id").getDomAttribute("aria-invalid")).isEqualTo("true");
        assertThat(browser.find("#product-id").getDomAttribute("aria-describedby"))
                .contains("product-id-problem");
        assertThat(browser.find("#product-title").getDomAttribute("aria-invalid"))
                .isNull();
    }

    @Test
    void saysWhatIsWrongWithWholeProductWithItsRequest() {
        browser.open(server.uri("/"));
        browser.button("Classify").click();

        browser.see("#classify-problem [role=alert]", "no letter or digit");
        browser.see("#classify-problem [role=alert]", "Request ");
    }

    @Test
    void uploadsFileAndHandsOutItsAnswer() throws Exception {
        Path file = Files.writeString(
                own.resolve("shop.csv"),
                "sku,name,maker\n1,Red leash,Fennhollow\n2,\"Coffee, ground\",\n3,Something,\n4,,\n");
        browser.open(server.uri("/#/file"));
        browser.see("#file-input").sendKeys(file.toString());
        browser.see("#file-columns", "Some columns have other names");
        assertThat(browser.find("#file-column-title").getDomProperty("value")).isEqualTo("name");
        browser.button("Classify the file").click();

        browser.see("#file-state", "4 rows answered.");
        assertThat(browser.texts("#file-counts dd")).containsExactly("2", "1", "1");
        assertThat(browser.texts("#file-rows tr"))
                .hasSize(4)
                .first()
                .asString()
                .contains("Pet Supplies > Dogs > Leashes", "Accepted");
        browser.button("Download").click();
        Path answer = folder.resolve("downloads")
                .resolve(browser.find("#file-download").getDomAttribute("download"));
        browser.seeFile(answer);
        assertThat(Files.readAllLines(answer)).hasSize(5).first().asString().startsWith("id,category,confidence");
    }

    @Test
    void reviewsByKeyboardAlone() throws Exception {
        browser.open(server.uri("/#/review"));
        browser.see("#review-product", "Thing number 1");
        browser.see("#review-progress-text", "0 of 4 reviewed");

        browser.press("a");
        browser.see("#review-product", "Thing number 2");
        browser.see("#review-last", "“Thing number 1” is in Pet Supplies > Dogs > Leashes.");
        browser.press("2");
        browser.see("#review-product", "Thing number 3");
        browser.press("s");
        browser.see("#review-product", "Thing number 4");
        browser.press("c");
        browser.see("#review-category-list");
        browser.press("tent", Keys.ENTER);
        browser.see("#review-body", "That was the last one");
        browser.see("#review-progress-text", "3 of 4 reviewed, 1 skipped");
        browser.see("#review-progress [data-corrections='3']");

        browser.press("u");
        browser.see(".said", "You said Sports & Outdoors > Camping > Tents");
        browser.press("1");
        browser.see("#review-progress [data-corrections='4']");
        assertThat(stored()).contains("\"total\":4").contains("\"products\":3");

        browser.see("#review-body", "That was the last one");
        browser.button("Look at the 1 skipped product").sendKeys(Keys.ENTER);
        browser.see("#review-product", "Thing number 3");
    }

    @Test
    void showsTheKeysAndTurnsThemOff() {
        browser.open(server.uri("/#/review"));
        browser.see("#review-product", "Thing number 1");
        browser.press("?");
        browser.see("#keys-dialog", "Accept what the model says");
        browser.find("#keys-on").click();
        browser.press(Keys.ESCAPE);
        browser.seeNo("#keys-dialog");
        browser.press("s", "?");

        browser.button("Keys").click();
        browser.see("#keys-dialog");
        assertThat(browser.texts("#review-product")).containsExactly("Thing number 1");
        browser.find("#keys-on").click();
    }

    @Test
    void losesNoWordWhileTheNetworkIsGone() throws Exception {
        browser.open(server.uri("/#/review"));
        browser.see("#review-product", "Thing number 1");
        browser.see("#review-progress [data-corrections='0']");
        browser.offline();
        browser.press("a");
        browser.see("#review-outbox", "1 answer not stored yet");
        browser.press("2");
        browser.see("#review-product", "Thing number 3");
        browser.online();

        browser.see("#review-progress [data-corrections='2']");
        browser.seeNo("#review-outbox .notice");
        assertThat(stored()).contains("\"total\":2");
    }

    @Test
    void showsWordThatIsRefusedAndWarnsBeforeItIsLost() throws Exception {
        CategoryPath gone = CategoryPath.of("Books", "Atlases");
        ReviewRun.publish(own.resolve("output"), "tuesday", List.of(ReviewRun.row("sku-1", "Old map", List.of(gone))));
        server.close();
        server = serve("--demo", "--corrections", own.resolve("corrections").toString(), "--review", output());
        browser.open(server.uri("/#/review"));
        browser.see("#review-product", "Old map");
        browser.press("a");
        browser.see("#review-outbox", "Not stored: “Old map” in Books > Atlases.");
        browser.see("#review-outbox", "which the model does not know");
        assertThat(leavingIsAskedAbout()).isTrue();

        browser.press("u");
        browser.see("#review-product", "Old map");
        browser.press("c");
        browser.see("#review-category-list");
        browser.press("tent", Keys.ENTER);

        browser.see("#review-progress [data-corrections='1']");
        browser.seeNo("#review-outbox .notice");
        assertThat(leavingIsAskedAbout()).isFalse();
    }

    private static boolean leavingIsAskedAbout() {
        return (Boolean) browser.script("""
                const leaving = new Event("beforeunload", { cancelable: true });
                window.dispatchEvent(leaving);
                return leaving.defaultPrevented""");
    }

    @Test
    void saysWhenThereIsNoReview() {
        server.close();
        server = serve("--demo");
        browser.open(server.uri("/#/review"));

        browser.see("#review-problem", "There is no review here");
        browser.see("#review-problem", "--review");
    }

    @Test
    void showsTheModel() {
        browser.open(server.uri("/#/model"));

        browser.see("#model-body", "Accepted from 75% on, chosen for a precision of 92% on validation rows.");
        assertThat(browser.texts(".card h3")).containsExactly("Product classifier");
        assertThat(browser.find(".card").getText()).doesNotContain("pipeline_tag");
        assertThat(browser.find("#model-body table").getText()).contains("Accuracy 50.0%", "Weighted AUC undefined");
        browser.type("#label-search", "dOLL");
        browser.see("#model-body [role=status]", "1 category");
        assertThat(browser.texts(".labels li")).containsExactly("Toys & Games > Dolls > Doll Houses");
    }
}
