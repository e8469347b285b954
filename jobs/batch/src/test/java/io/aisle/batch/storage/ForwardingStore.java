package io.aisle.batch.storage;

import io.aisle.core.storage.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A store of which a test changes a part. */
class ForwardingStore implements ObjectStore {
    private final ObjectStore store;

    ForwardingStore(ObjectStore store) {
        this.store = store;
    }

    @Override
    public Optional<Version> read(String key) throws IOException {
        return store.read(key);
    }

    @Override
    public boolean putIfAbsent(String key, byte[] content) throws IOException {
        return store.putIfAbsent(key, content);
    }

    @Override
    public boolean compareAndSet(String key, String expectedTag, byte[] content) throws IOException {
        return store.compareAndSet(key, expectedTag, content);
    }

    @Override
    public void delete(String key) throws IOException {
        store.delete(key);
    }

    @Override
    public List<String> list(String prefix) throws IOException {
        return store.list(prefix);
    }
}
