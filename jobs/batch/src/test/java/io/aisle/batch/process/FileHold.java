package io.aisle.batch.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Holds up whoever writes an object of a local output, as another writer would: by its lock file. Closing lets them go on. */
final class FileHold implements AutoCloseable {
    private final FileChannel channel;

    private FileHold(FileChannel channel) {
        this.channel = channel;
    }

    /** Holds an object of an output, such as CURRENT. */
    static FileHold of(Path output, String key) throws IOException {
        Path file = output.resolve(key);
        Files.createDirectories(file.getParent());
        FileChannel channel = FileChannel.open(
                file.resolveSibling("." + file.getFileName() + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        channel.lock();
        return new FileHold(channel);
    }

    @Override
    public void close() throws IOException {
        // gives up the lock too
        channel.close();
    }
}
