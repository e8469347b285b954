package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.TestSession;
import io.aisle.batch.process.FaultProxy.Fault;
import io.aisle.batch.storage.Directory;
import io.aisle.core.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryOnS3IT {
    private static final String BUCKET = "directories";
    private static final String DENIED = "denied";

    @TempDir
    Path temporary;

    private static S3Server server;
    private static FaultProxy proxy;

    @BeforeAll
    static void startsServer() throws IOException, InterruptedException {
        server = S3Server.start("directories", BUCKET, DENIED);
        proxy = FaultProxy.to(server.endpoint());
        proxy.inject(Fault.STATUS_403, 1, 0, request -> true);
        Configuration hadoop = TestSession.get().sparkContext().hadoopConfiguration();
        S3Server.configure(hadoop, BUCKET, server.endpoint());
        S3Server.configure(hadoop, "nosuchbucket", server.endpoint());
        S3Server.configure(hadoop, DENIED, proxy.endpoint());
    }

    @AfterAll
    static void stopsServer() {
        proxy.close();
        server.close();
    }

    @Test
    void prefixWithAnObjectBelowIsThereAndEmptyDirectoryCountsAsAbsent() {
        Directory directory = directory("prefix/below");
        directory("prefix").requireAbsent("a thing");

        directory.write("note.txt", "ü");

        assertThat(directory.read("note.txt")).isEqualTo("ü");
        assertThatThrownBy(() -> directory("prefix").requireAbsent("a thing"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot write a thing to s3a://directories/prefix: found something there already, expected"
                        + " nothing. Choose another --output, or remove it.");
        assertThat(directory("prefix").hasFileEndingIn(".txt")).isFalse();
        assertThat(directory.hasFileEndingIn(".txt")).isTrue();
        directory("prefix").delete();
        directory("prefix").requireAbsent("a thing");
    }

    @Test
    void triesToWriteBeforeLongWorkAndLeavesNothing() {
        directory("new/output").createParent();
        directory("").createParent();

        directory("new").requireAbsent("a thing");
    }

    @Test
    void copiesTreeThereAndBack() throws IOException {
        Path tree = Files.createDirectories(temporary.resolve("tree/a b/below"))
                .getParent()
                .getParent();
        Files.writeString(tree.resolve("manifest.json"), "{}");
        Files.writeString(tree.resolve("a b/below/part-0"), "x".repeat(100_000));
        Directory directory = directory("tree copied");

        directory.copyFrom(tree, "manifest.json");
        directory.copyTo(temporary.resolve("back/again"));

        assertThat(temporary.resolve("back/again/manifest.json")).hasContent("{}");
        assertThat(temporary.resolve("back/again/a b/below/part-0"))
                .hasSameBinaryContentAs(tree.resolve("a b/below/part-0"));
        assertThatThrownBy(() -> directory("nowhere").copyTo(temporary.resolve("none")))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot copy s3a://directories/nowhere: ");
    }

    @Test
    void refusesBeforeAndAfterToWriteByRenaming() {
        Directory directory = directory("renamed");

        assertThatThrownBy(directory::requireWholeCommit)
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot write s3a://directories/renamed: found settings by which Spark renames")
                .hasMessageContaining("spark.sql.sources.commitProtocolClass = (not set)")
                .hasMessageContaining("spark.sql.parquet.output.committer.class = (not set)")
                .hasMessageContaining("fs.s3a.committer.name = file");
        assertThatThrownBy(directory::requireCommitted)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found no _SUCCESS");
        TestSession.get().range(10).write().parquet(directory.uri());
        assertThatThrownBy(directory::requireCommitted)
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot use what was written to s3a://directories/renamed: found an empty _SUCCESS, expected the"
                                + " report of an S3A committer, since S3 has no rename. Remove the directory, set what"
                                + " conf/spark-defaults.conf sets under \"S3\", and run again.");
    }

    @Test
    void saysThatBucketIsMissing() {
        assertThatThrownBy(() ->
                        Directory.of(TestSession.get(), "s3a://nosuchbucket/a").createParent())
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot write s3a://nosuchbucket/a: found no such bucket (")
                .hasMessageEndingWith("Create it, or correct its name, fs.s3a.endpoint or the account.");
    }

    @Test
    void saysThatAccessIsDenied() {
        assertThatThrownBy(
                        () -> Directory.of(TestSession.get(), "s3a://denied/a").exists())
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot reach s3a://denied/a: found access denied (")
                .hasMessageEndingWith("Check the credentials, the bucket's policy and that of its KMS key.")
                .hasMessageNotContaining(S3Server.SECRET_KEY);
    }

    private static Directory directory(String name) {
        return Directory.of(TestSession.get(), "s3a://" + BUCKET + "/" + name);
    }
}
