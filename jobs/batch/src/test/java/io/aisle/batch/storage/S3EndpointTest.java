package io.aisle.batch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class S3EndpointTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private static S3Endpoint at(int port) {
        Configuration hadoop = new Configuration(false);
        hadoop.set("fs.s3a.bucket.shop.endpoint", "http://127.0.0.1:" + port);
        hadoop.set("fs.s3a.bucket.shop.access.key", "AKIA0000000000001234");
        hadoop.set("fs.s3a.bucket.shop.secret.key", "hunter2");
        return S3Endpoint.of(hadoop, "s3a://shop/products").orElseThrow();
    }

    /** Answers one request with what is given. */
    private static Thread serve(ServerSocket server, String answer) {
        Thread thread = new Thread(() -> {
            try (Socket socket = server.accept()) {
                socket.getInputStream().read(new byte[8_192]);
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void readsTheClockOfWhateverAnswers() throws Exception {
        Instant time = Instant.now().minusSeconds(1_200).truncatedTo(ChronoUnit.SECONDS);
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            Thread serving = serve(
                    server,
                    "HTTP/1.1 403 Forbidden\r\nDate: "
                            + DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC))
                            + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

            assertThat(at(server.getLocalPort()).ask()).contains(time);
            serving.join();
        }
    }

    @Test
    void aServiceMayTellNoTime() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            Thread serving = serve(server, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

            assertThat(at(server.getLocalPort()).ask()).isEmpty();
            serving.join();
        }
    }

    @Test
    void saysThatNobodyAnswers() throws IOException {
        int closed;
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            closed = server.getLocalPort();
        }

        assertThatThrownBy(() -> at(closed).ask())
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot reach http://127.0.0.1:" + closed
                        + ": found no answer (ConnectException: Connection refused")
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
        assertThat(at(1).identity().toString()).contains("settings", "1234").doesNotContain("AKIA", "hunter2");
    }
}
