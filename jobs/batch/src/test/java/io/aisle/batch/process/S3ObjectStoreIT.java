package io.aisle.batch.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.TestSession;
import io.aisle.batch.process.FaultProxy.Fault;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.ObjectStores;
import io.aisle.batch.storage.WriterRace;
import io.aisle.core.UserException;
import io.aisle.core.storage.ObjectStore;
import io.aisle.core.storage.S3Access;
import io.aisle.core.storage.S3ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class S3ObjectStoreIT {
    private static final String BUCKET = "objects";
    private static final int WRITERS = 12;

    private static S3Server server;
    private static int tests;

    private FaultProxy proxy;
    private String prefix;

    @BeforeAll
    static void startsServer() throws IOException, InterruptedException {
        server = S3Server.start("objects", BUCKET);
    }

    @AfterAll
    static void stopsServer() {
        server.close();
    }

    @BeforeEach
    void startsProxy() throws IOException {
        proxy = FaultProxy.to(server.endpoint());
        prefix = "test-" + tests++;
    }

    @AfterEach
    void stopsProxy() {
        proxy.close();
    }

    @Test
    void putsOnlyWhereThereIsNothing() {
        S3ObjectStore store = store(server.endpoint());

        assertThat(store.read("CURRENT")).isEmpty();
        assertThat(store.putIfAbsent("CURRENT", bytes("one"))).isTrue();
        assertThat(store.putIfAbsent("CURRENT", bytes("two"))).isFalse();
        assertThat(content(store, "CURRENT")).isEqualTo("one");
    }

    @Test
    void copiesAnObjectOfManyParts(@TempDir Path folder) throws IOException {
        S3ObjectStore store = store(server.endpoint());
        byte[] large = new byte[40 << 20];
        new Random(1).nextBytes(large);
        store.putIfAbsent("model.onnx", large);

        assertThat(store.copy("model.onnx", folder.resolve("copy"))).isTrue();
        assertThat(Arrays.equals(Files.readAllBytes(folder.resolve("copy")), large))
                .isTrue();
        assertThat(store.copy("absent", folder.resolve("none"))).isFalse();
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void setsOnlyTheVersionThatWasRead() {
        S3ObjectStore store = store(server.endpoint());
        assertThat(store.compareAndSet("CURRENT", "\"any\"", bytes("none")))
                .as("absent")
                .isFalse();
        store.putIfAbsent("CURRENT", bytes("one"));
        String stale = tag(store, "CURRENT");

        assertThat(store.compareAndSet("CURRENT", stale, bytes("two"))).isTrue();
        assertThat(store.compareAndSet("CURRENT", stale, bytes("three"))).isFalse();
        assertThat(content(store, "CURRENT")).isEqualTo("two");
    }

    @Test
    void listsAndDeletesBelowItsPrefixAlone() {
        S3ObjectStore store = store(server.endpoint());
        store.putIfAbsent("claims/b", bytes("b"));
        store.putIfAbsent("claims/a", bytes("a"));
        store.putIfAbsent("CURRENT", bytes("c"));
        S3ObjectStore other = new S3ObjectStore(access(server.endpoint()), BUCKET, prefix + "-other");
        other.putIfAbsent("claims/z", bytes("z"));

        assertThat(store.list("claims/")).containsExactly("claims/a", "claims/b");
        assertThat(store.list("")).containsExactly("CURRENT", "claims/a", "claims/b");

        store.delete("claims/a");
        store.delete("claims/a");

        assertThat(store.list("claims/")).containsExactly("claims/b");
        assertThat(store.read("claims/a")).isEmpty();
        assertThat(other.list("")).containsExactly("claims/z");
    }

    @Test
    void ofTwelveWritersThatReadTheSameVersionOneWinsEachRound() throws Exception {
        // by way of the proxy, which makes conditional writes of the server one step
        WriterRace.run(store(proxy.endpoint()), WRITERS, 4);
    }

    @Test
    void winsWhereTheAnswerToItsFirstAttemptWasLost() {
        S3ObjectStore store = store(proxy.endpoint());

        loseAnswerToNextPut();
        assertThat(store.putIfAbsent("CURRENT", bytes("one"))).isTrue();
        assertThat(proxy.faults()).isEqualTo(1);

        String tag = tag(store, "CURRENT");
        loseAnswerToNextPut();
        assertThat(store.compareAndSet("CURRENT", tag, bytes("two"))).isTrue();
        assertThat(proxy.faults()).isEqualTo(1);
        assertThat(content(store, "CURRENT")).isEqualTo("two");
    }

    @Test
    void losesWhereTheAnswerWasLostAndAnotherHadWon() {
        store(server.endpoint()).putIfAbsent("CURRENT", bytes("other"));
        S3ObjectStore store = store(proxy.endpoint());

        loseAnswerToNextPut();
        assertThat(store.putIfAbsent("CURRENT", bytes("one"))).isFalse();
        assertThat(proxy.faults()).isEqualTo(1);
        assertThat(content(store, "CURRENT")).isEqualTo("other");
    }

    private void loseAnswerToNextPut() {
        AtomicBoolean isNext = new AtomicBoolean(true);
        proxy.inject(Fault.LOST_ANSWER, 1, 0, request -> request.startsWith("PUT ") && isNext.getAndSet(false));
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"STATUS_503", "STATUS_500", "CUT_BODY"})
    void getsOverFaults(Fault fault) {
        S3ObjectStore store = store(proxy.endpoint());
        proxy.inject(fault, 3, 7, request -> request.contains(BUCKET));
        store.putIfAbsent("CURRENT", bytes("version 0"));

        for (int i = 1; i <= 6; i++) {
            assertThat(store.compareAndSet("CURRENT", tag(store, "CURRENT"), bytes("version " + i)))
                    .isTrue();
            assertThat(content(store, "CURRENT")).isEqualTo("version " + i);
            assertThat(store.list("")).containsExactly("CURRENT");
        }

        assertThat(proxy.faults()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void acceptsServiceThatObeysConditionsAndLeavesNoTraceThere() {
        S3ObjectStore store = store(server.endpoint());

        store.requireConditionalWrites();

        assertThat(store.list("")).isEmpty();
    }

    @Test
    void refusesServiceThatIgnoresConditionsButForSingleWriter() throws IOException {
        proxy.stripConditions();
        String uri = "s3a://" + BUCKET + "/" + prefix;
        S3Server.configure(TestSession.get().sparkContext().hadoopConfiguration(), BUCKET, proxy.endpoint());
        Directory directory = Directory.of(TestSession.get(), uri);

        assertThatThrownBy(() -> ObjectStores.of(TestSession.get(), directory, false))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot publish to s3://objects/" + prefix
                        + "/: found a service without conditional writes (it wrote an object that it should have refused),"
                        + " expected If-None-Match and If-Match to be obeyed, so that of two runs at once one publishes."
                        + " Publish to another store, or give --single-writer and see to it that no two runs overlap.");

        ObjectStore store = ObjectStores.of(TestSession.get(), directory, true);
        assertThat(store.putIfAbsent("CURRENT", bytes("one"))).isTrue();
        assertThat(store.putIfAbsent("CURRENT", bytes("two"))).isFalse();
        String stale = tag(store, "CURRENT");
        assertThat(store.compareAndSet("CURRENT", stale, bytes("three"))).isTrue();
        assertThat(store.compareAndSet("CURRENT", stale, bytes("four"))).isFalse();
        assertThat(content(store, "CURRENT")).isEqualTo("three");
        assertThat(store.list("")).as("no probe is left").containsExactly("CURRENT");
    }

    @Test
    void refusesServiceThatDoesNotKnowConditions() {
        proxy.inject(Fault.STATUS_501, 1, 0, request -> request.startsWith("PUT "));

        assertThatThrownBy(() -> store(proxy.endpoint()).requireConditionalWrites())
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found a service without conditional writes (status 501)")
                .hasMessageContaining("--single-writer");
    }

    @Test
    void asksForTheEncryptionGiven() throws IOException {
        new S3ObjectStore(access(server.endpoint(), new S3Access.ServiceKey()), BUCKET, prefix)
                .putIfAbsent("encrypted", bytes("x"));

        assertThat(metadata(prefix + "/encrypted")).contains("\"x-amz-server-side-encryption\":\"AES256\"");
        assertThatThrownBy(() -> new S3ObjectStore(
                                access(server.endpoint(), new S3Access.KmsKey(Optional.of("no-such-key"))),
                                BUCKET,
                                prefix)
                        .putIfAbsent("by KMS", bytes("x")))
                .as("the server knows no key")
                .isInstanceOf(UserException.class)
                .hasMessageContaining("KMS.NotFoundException");
    }

    /** What the server keeps about an object, without blanks. */
    private static String metadata(String key) throws IOException {
        try (Stream<Path> files = Files.walk(server.root())) {
            for (Path file :
                    files.filter(file -> file.endsWith("objectMetadata.json")).toList()) {
                String metadata = Files.readString(file).replaceAll("\\s", "");
                if (metadata.contains("\"key\":\"" + key + "\"")) {
                    return metadata;
                }
            }
        }
        throw new AssertionError("the server keeps nothing about " + key);
    }

    @Test
    void saysThatBucketIsMissing() {
        S3ObjectStore store = new S3ObjectStore(access(server.endpoint()), "nosuchbucket", "p");

        assertThatThrownBy(() -> store.read("CURRENT"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read s3://nosuchbucket/p/CURRENT: found no bucket nosuchbucket"
                        + " (NoSuchBucket, status 404, request ")
                .hasMessageEndingWith(
                        "expected it to exist. Create it, or correct its name, the endpoint or the account.");
        assertThatThrownBy(() -> store.compareAndSet("CURRENT", "\"any\"", bytes("x")))
                .as("no other writer")
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found no bucket nosuchbucket");
    }

    @Test
    void saysThatAccessIsDeniedAndKeepsTheKeysToItself() {
        proxy.inject(Fault.STATUS_403, 1, 0, request -> true);

        assertThatThrownBy(() -> store(proxy.endpoint()).putIfAbsent("CURRENT", bytes("x")))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot write s3://objects/" + prefix + "/CURRENT: found access denied (")
                .hasMessageContaining("status 403")
                .hasMessageContaining("Check the credentials, the bucket's policy and that of its KMS key.")
                .hasMessageNotContaining(S3Server.SECRET_KEY)
                .hasMessageNotContaining(S3Server.ACCESS_KEY);
    }

    @Test
    void saysThatNobodyAnswers() {
        URI closed = proxy.endpoint();
        proxy.close();

        assertThatThrownBy(() -> store(closed).read("CURRENT"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Cannot read s3://objects/" + prefix + "/CURRENT: found no answer (ConnectException: ")
                .hasMessageEndingWith("Check its endpoint, its region and the network.");
    }

    private S3ObjectStore store(URI endpoint) {
        return new S3ObjectStore(access(endpoint), BUCKET, prefix);
    }

    private static S3Access access(URI endpoint) {
        return access(endpoint, new S3Access.BucketEncryption());
    }

    private static S3Access access(URI endpoint, S3Access.Encryption encryption) {
        return new S3Access(
                Optional.of(endpoint),
                Optional.empty(),
                true,
                new S3Access.Keys(S3Server.ACCESS_KEY, S3Server.SECRET_KEY, Optional.empty()),
                encryption);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String content(ObjectStore store, String key) {
        return new String(version(store, key).content(), UTF_8);
    }

    private static String tag(ObjectStore store, String key) {
        return version(store, key).tag();
    }

    private static ObjectStore.Version version(ObjectStore store, String key) {
        try {
            return store.read(key).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
