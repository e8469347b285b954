package io.aisle.batch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.OneAnswer;
import io.aisle.core.UserException;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class S3EndpointTest {
    private static S3Endpoint at(String endpoint) {
        Configuration hadoop = new Configuration(false);
        hadoop.set("fs.s3a.bucket.shop.endpoint", endpoint);
        hadoop.set("fs.s3a.bucket.shop.access.key", "AKIA0000000000001234");
        hadoop.set("fs.s3a.bucket.shop.secret.key", "hunter2");
        return S3Endpoint.of(hadoop, "s3a://shop/products").orElseThrow();
    }

    @Test
    void readsTheClockOfWhateverAnswers() throws IOException {
        Instant time = Instant.now().minusSeconds(1_200).truncatedTo(ChronoUnit.SECONDS);
        try (OneAnswer service = OneAnswer.dated(time)) {
            assertThat(at(service.endpoint()).ask()).contains(time);
        }
    }

    @Test
    void aServiceMayTellNoTime() throws IOException {
        try (OneAnswer service = OneAnswer.dateless()) {
            assertThat(at(service.endpoint()).ask()).isEmpty();
        }
    }

    @Test
    void saysThatNobodyAnswers() throws IOException {
        String closed;
        try (OneAnswer service = OneAnswer.dateless()) {
            closed = service.endpoint();
        }

        assertThatThrownBy(() -> at(closed).ask())
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Cannot reach " + closed + ": found no answer (ConnectException: Connection refused")
                .hasMessageContaining("), expected one from the S3 service. Check fs.s3a.endpoint, the network");
    }

    @Test
    void knowsWhereAwsAnswersAndWhatIsNotOnS3() {
        Configuration hadoop = new Configuration(false);
        assertThat(S3Endpoint.of(hadoop, "s3a://shop/x").orElseThrow().address())
                .isEqualTo("https://s3.amazonaws.com");
        hadoop.set("fs.s3a.endpoint.region", "eu-central-1");
        assertThat(S3Endpoint.of(hadoop, "s3://shop/x").orElseThrow().address())
                .isEqualTo("https://s3.eu-central-1.amazonaws.com");
        assertThat(S3Endpoint.of(hadoop, "hdfs://nn/x")).isEmpty();
        assertThat(S3Endpoint.of(hadoop, "/x")).isEmpty();
    }

    @Test
    void namesTheKeyByItsEndAlone() {
        assertThat(at("http://127.0.0.1:1").identity().toString())
                .contains("settings", "1234")
                .doesNotContain("AKIA", "hunter2");
    }
}
