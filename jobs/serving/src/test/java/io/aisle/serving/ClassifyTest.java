package io.aisle.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifyTest {
    @TempDir
    private static Path folder;

    private static RunningServer server;

    @BeforeAll
    static void start() {
        TestBundles.linear(folder.resolve("model"), 4);
        server =
                RunningServer.start("--demo", "--model", folder.resolve("model").toString());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void answersOneProductWithItsRankedCategories() throws IOException, InterruptedException {
        HttpResponse<String> response =
                server.post("/v1/classify", "{\"products\":[{\"id\":\"a\",\"title\":\"Green tea\"}],\"top\":2}");

        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode prediction = RunningServer.json(response).path("predictions").path(0);
        assertThat(prediction.path("id").asText()).isEqualTo("a");
        assertThat(prediction.path("category").asText()).isEqualTo("Tea");
        assertThat(prediction.path("category_path").toString()).isEqualTo("[\"Grocery\",\"Tea\"]");
        assertThat(prediction.path("top")).hasSize(2);
        assertThat(prediction.path("decision").asText()).isEqualTo("review");
        assertThat(prediction.path("reason").asText()).contains("under the accept threshold");
    }

    @Test
    void acceptsByTheThresholdOfTheRequest() throws IOException, InterruptedException {
        HttpResponse<String> response =
                server.post("/v1/classify", "{\"products\":[{\"title\":\"tea\"}],\"threshold\":0.4}");

        assertThat(RunningServer.json(response)
                        .path("predictions")
                        .path(0)
                        .path("decision")
                        .asText())
                .isEqualTo("accepted");
    }

    @Test
    void namesEachFieldThatIsWrong() throws IOException, InterruptedException {
        HttpResponse<String> response = server.post(
                "/v1/classify", "{\"products\":[{\"title\":\"tea\"},{\"title\":5,\"colour\":\"x\"}],\"top\":0}");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(RunningServer.json(response).path("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/products/1/colour", "/products/1/title", "/products/1", "/top");
    }

    @Test
    void explainsByLeavingWordsOut() throws IOException, InterruptedException {
        JsonNode explanation =
                RunningServer.json(server.post("/v1/explain", "{\"product\":{\"title\":\"Green tea\"}}"));

        JsonNode words = explanation.path("words");
        assertThat(words.findValuesAsText("text")).containsExactly("Green", "tea");
        assertThat(words.path(0).path("weight").asDouble()).isZero();
        // without tea nothing speaks for any label: a third each
        assertThat(words.path(1).path("weight").asDouble())
                .isCloseTo(
                        explanation.path("explained").path("confidence").asDouble() - 1 / 3.0,
                        org.assertj.core.data.Offset.offset(1e-6));
    }

    @Test
    void answersAFileRowByRow() throws IOException, InterruptedException {
        HttpRequest request = server.request(
                        "/v1/classify/file?threshold=0.1&columns=id=sku,title=name&name=../%0Aspring%20list.csv")
                .header("Content-Type", "text/csv")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "sku,name\r\n1,tea\r\n=1+1,drill\r\n3,\r\n4,\"a \"\"lamp\"\"\n, large\"\r\n5\r\n,tea\r\n"))
                .build();

        HttpResponse<String> response = server.send(request);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"spring-list-classified.csv\"");
        assertThat(response.headers().firstValue("Aisle-Records")).contains("6");
        assertThat(response.body().lines().map(ClassifyTest::withoutFigures))
                .containsExactly(
                        "id,category,confidence,decision,reason,model_version,error",
                        "1,Grocery > Tea,P,accepted,,V,",
                        "'=1+1,Tools > =Drills,P,accepted,,V,",
                        "3,,,,,,no_text",
                        "4,Home > Lamps,P,accepted,,V,",
                        ",,,,,,\"unparsable: 1 fields, expected 2\"",
                        ",,,,,,missing_id");
    }

    @Test
    void reachesIntoObjectsOfJsonLines() throws IOException, InterruptedException {
        HttpRequest request = server.request("/v1/classify/file?columns=id=sku,title=product.name")
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString("{\"sku\":7,\"product\":{\"name\":\"tea\"}}\n"))
                .build();

        JsonNode row = RunningServer.json(server.send(request));

        assertThat(row.path("id").asText()).isEqualTo("7");
        assertThat(row.path("category_path").toString()).isEqualTo("[\"Grocery\",\"Tea\"]");
    }

    private static String withoutFigures(String line) {
        return line.replaceAll("0\\.\\d+,", "P,").replaceAll("[0-9a-f]{12}", "V");
    }

    @Test
    void saysWhatTheModelIs() throws IOException, InterruptedException {
        JsonNode model = RunningServer.json(server.get("/v1/model"));

        assertThat(model.path("kind").asText()).isEqualTo("linear");
        assertThat(model.path("labels")).hasSize(3);
        assertThat(model.path("metrics").path("auc").isNull()).isTrue();
        assertThat(model.path("card").asText()).startsWith("---");
        assertThat(model.path("refused").isNull()).isTrue();
    }

    @Test
    void logsRequestsWithoutTheirText() throws IOException, InterruptedException {
        server.post("/v1/classify", "{\"products\":[{\"title\":\"tea for nobody\"}]}", "X-Request-Id", "mine-1");

        assertThat(server.requests())
                .contains("\"request_id\":\"mine-1\",\"method\":\"POST\",\"path\":\"/v1/classify\",\"status\":200")
                .doesNotContain("nobody");
    }
}
