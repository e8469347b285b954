package io.aisle.batch.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds images and runs commands in them without an engine: by chroot, which takes root. It is no isolation: network and processes are
 * the host's. Images and containers lie in a store of its own, which closing removes.
 */
final class Buildah implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Path store;
    private final Map<String, String> environment;
    private final Map<String, String> untouched = new HashMap<>();

    private Buildah(Path store) {
        this.store = store;
        this.environment = Map.of(
                "CONTAINERS_STORAGE_CONF", store.resolve("storage.conf").toString(), "BUILDAH_ISOLATION", "chroot");
    }

    /** Opens an empty store in a directory, from which it removes what an earlier run left. */
    static Buildah open(Path store) throws IOException, InterruptedException {
        Buildah buildah = new Buildah(store);
        buildah.close();
        Files.createDirectories(store);
        Files.writeString(store.resolve("storage.conf"), """
                [storage]
                driver = "vfs"
                graphroot = "%s"
                runroot = "%s"
                """.formatted(store.resolve("images"), store.resolve("run")));
        return buildah;
    }

    /** What makes another program's buildah work in this store. */
    Map<String, String> environment() {
        return environment;
    }

    /** Runs a subcommand, and returns what it printed. */
    String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("buildah"));
        command.addAll(List.of(arguments));
        return Program.run(environment, LIMIT, command).requireSuccess().out();
    }

    /** A new container of an image, by its name. */
    String container(String image) throws IOException, InterruptedException {
        return run("from", "--pull-never", image);
    }

    /** Where the files of a container lie. */
    Path files(String container) throws IOException, InterruptedException {
        return Path.of(run("mount", container));
    }

    /** Where the files of an image lie: those of a container that nothing ran in. */
    Path imageFiles(String image) throws IOException, InterruptedException {
        if (!untouched.containsKey(image)) {
            untouched.put(image, container(image));
        }
        return files(untouched.get(image));
    }

    /**
     * Runs a command by the image's entrypoint and as the image's user, as an engine does. The host's name is one that is known, because
     * chroot does not make that of the container known, as engines do.
     *
     * @param options of {@code buildah run}, such as --volume
     */
    Program runIn(String container, List<String> options, List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        inspect("container", container).at("/config/Entrypoint").forEach(word -> command.add(word.textValue()));
        command.addAll(words);
        return runInsteadIn(container, options, command);
    }

    /** The same without the image's entrypoint. */
    Program runInsteadIn(String container, List<String> options, List<String> words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("buildah", "run", "--hostname", "localhost"));
        // for so few rows, better compiled code would cost more than it saves
        command.addAll(List.of("--env", "JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(List.of(container, "--"));
        command.addAll(words);
        return Program.run(environment, LIMIT, command);
    }

    /** The configuration of an image: OCI's image specification, without what says how it came about. */
    JsonNode configuration(String image) throws IOException, InterruptedException {
        return inspect("image", image).path("config");
    }

    private JsonNode inspect(String type, String name) throws IOException, InterruptedException {
        return new ObjectMapper().readTree(run("inspect", "--type", type, name)).path("OCIv1");
    }

    @Override
    public void close() throws IOException {
        // never beyond the store's own disk, whatever a broken run may have mounted there
        List<String> command = List.of("rm", "-rf", "--one-file-system", store.toString());
        try {
            Program.run(Map.of(), LIMIT, command).requireSuccess();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
