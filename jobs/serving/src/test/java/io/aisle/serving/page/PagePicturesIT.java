package io.aisle.serving.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aisle.serving.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Draws the pictures of the documentation: {@code -Daisle.pictures=docs/images -Daisle.pictures.model=BUNDLE}, both as absolute paths, with a
 * bundle that was trained on the sample.
 */
@EnabledIfSystemProperty(named = "aisle.pictures", matches = ".+")
class PagePicturesIT {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MAX_BYTES = 150_000;
    private static final List<String> TITLES = List.of(
            "Spare part, fits most",
            "Round stand, oak effect",
            "Clip-on light with stand",
            "Silk ribbon with bell",
            "Steel bowl with rim",
            "Rainproof cover, large");

    @TempDir
    private Path folder;

    /** Those of some products that the model is not sure of. */
    private List<ObjectNode> unsure(String model) throws IOException, InterruptedException {
        ObjectNode request = MAPPER.createObjectNode();
        ArrayNode products = request.putArray("products");
        TITLES.forEach(title -> products.addObject()
                .put("id", "sku-" + (4_711 + products.size()))
                .put("title", title)
                .put("brand", "Fennhollow")
                .put("description", "Made for days out and rainy afternoons. Light enough to carry.")
                .put("feature", ""));
        try (RunningServer server = RunningServer.start("--demo", "--model", model)) {
            JsonNode answer = RunningServer.json(server.post("/v1/classify", request.toString()));
            List<ObjectNode> rows = new ArrayList<>();
            for (int place = 0; place < products.size(); place++) {
                ObjectNode row = ((ObjectNode) products.get(place))
                        .put("model_version", answer.path("model_version").asText());
                row.setAll((ObjectNode) answer.path("predictions").path(place));
                if (row.path("decision").asText().equals("review")) {
                    rows.add(row);
                }
            }
            return rows;
        }
    }

    @Test
    void drawsEveryView() throws IOException, InterruptedException {
        Path pictures = Path.of(System.getProperty("aisle.pictures"));
        String model = System.getProperty("aisle.pictures.model");
        ReviewRun.publish(folder.resolve("output"), "2026-11-26", unsure(model));
        Path file = Files.writeString(folder.resolve("autumn.csv"), """
                sku,name,maker,bullets
                P-1,"Braided dog leash, 6 ft",Fennhollow,Reflective stitching
                P-2,Mesh task chair with armrests,Tallmere,Lumbar support
                P-3,Reusable coffee filter,Brindlecup,Fine mesh
                P-4,Travel case with strap,,
                P-5,,,
                """);
        try (RunningServer server = RunningServer.start(
                        "--demo",
                        "--model",
                        model,
                        "--corrections",
                        folder.resolve("corrections").toString(),
                        "--review",
                        folder.resolve("output").toString());
                Browser browser = Browser.start(folder)) {
            for (boolean isDark : new boolean[] {false, true}) {
                String colours = isDark ? "dark" : "light";
                browser.look(1280, 860, isDark);
                draw(server, browser, file, pictures, colours);
            }
            browser.look(360, 740, false);
            browser.open(server.uri("/#/review"));
            browser.see("#review-product");
            picture(browser, pictures.resolve("review-narrow.png"));
        }
    }

    private static void draw(RunningServer server, Browser browser, Path file, Path pictures, String colours)
            throws IOException {
        browser.open(server.uri("/"));
        browser.button("Leash").click();
        browser.see("#explanation .strongest");
        browser.see("#correction-form");
        picture(browser, pictures.resolve("classify-" + colours + ".png"));
        browser.script("document.getElementById('correction').scrollIntoView()");
        picture(browser, pictures.resolve("explanation-" + colours + ".png"));

        browser.goTo("file");
        browser.see("#file-input").sendKeys(file.toString());
        browser.see("#file-columns");
        browser.button("Classify the file").click();
        browser.see("#file-result");
        browser.script("window.scrollTo(0, document.documentElement.scrollHeight)");
        picture(browser, pictures.resolve("file-" + colours + ".png"));

        browser.goTo("review");
        browser.see("#review-product");
        browser.press("s");
        browser.see("#review-last", "is skipped");
        picture(browser, pictures.resolve("review-" + colours + ".png"));

        browser.goTo("model");
        browser.see("#card-heading");
        picture(browser, pictures.resolve("model-" + colours + ".png"));
    }

    private static void picture(Browser browser, Path file) throws IOException {
        browser.picture(file);
        assertThat(Files.size(file)).as(file.toString()).isLessThan(MAX_BYTES);
    }
}
